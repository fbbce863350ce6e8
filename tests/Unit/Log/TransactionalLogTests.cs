using KRaftSharp.Log;
using KRaftSharp.Log.Producers;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Log;

/// <summary>Transactions in one log: last stable offset, aborted transactions, markers (KIP-98, KIP-890).</summary>
public sealed class TransactionalLogTests : IDisposable
{
    private readonly LogFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void LastStableOffset_StopsAtTheFirstOpenTransaction()
    {
        using PartitionLog log = _fixture.Open();
        log.AppendAsLeader(_fixture.Batch(3), 0);
        Append(log, 7, 0, 0, 2);
        Append(log, 8, 0, 0, 2);
        log.SetHighWatermark(7);
        Assert.Equal(3, log.LastStableOffset);

        End(log, 7, 0, isCommit: true);
        Assert.Equal(3, log.LastStableOffset);
        log.SetHighWatermark(8);
        Assert.Equal(5, log.LastStableOffset);

        End(log, 8, 0, isCommit: false);
        log.SetHighWatermark(9);
        Assert.Equal(9, log.LastStableOffset);
    }

    [Fact]
    public void LastStableOffset_NeverPassesTheHighWatermark()
    {
        using PartitionLog log = _fixture.Open();
        Append(log, 7, 0, 0, 2);
        End(log, 7, 0, isCommit: true);
        log.SetHighWatermark(2);

        Assert.Equal(0, log.LastStableOffset);
    }

    [Fact]
    public void AbortedTransactions_WhereverTheReadStarts_AreNamed()
    {
        using PartitionLog log = _fixture.Open();
        AppendTwoAbortedAndOneCommitted(log);

        for (long start = 0; start < 5; start++)
        {
            Assert.Contains((7, 0L), Aborted(log, start));
        }

        Assert.Equal([(8, 3L)], Aborted(log, 5));
        Assert.Equal([(8, 3L)], Aborted(log, 7));
        Assert.Empty(Aborted(log, 8));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AbortedTransactions_AcrossRollsAndRestarts_AreNamed(bool isClean)
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 250 };
        using (PartitionLog log = _fixture.Open())
        {
            AppendTwoAbortedAndOneCommitted(log);
            Assert.True(log.SegmentCount > 2);
            if (isClean)
            {
                await log.CloseAsync();
            }
        }

        using PartitionLog again = _fixture.Open(isClean, highWatermark: 9);
        Assert.Equal([(7, 0L), (8, 3L)], Aborted(again, 0).Distinct());
        Assert.Equal([(8, 3L)], Aborted(again, 6).Distinct());
        Assert.Equal(9, again.LastStableOffset);
    }

    [Fact]
    public async Task OpenTransaction_AfterRestart_IsStillOpen()
    {
        using (PartitionLog log = _fixture.Open())
        {
            Append(log, 7, 4, 0, 2);
            await log.CloseAsync();
        }

        using PartitionLog again = _fixture.Open(highWatermark: 2);
        Assert.Equal(0, again.LastStableOffset);
        Assert.True(again.HasOpenTransaction(7, 4));
    }

    [Fact]
    public void Truncation_OfAMarker_OpensItsTransactionAgain()
    {
        using PartitionLog log = _fixture.Open();
        Append(log, 7, 0, 0, 2);
        End(log, 7, 0, isCommit: false);
        log.TruncateTo(2);
        log.SetHighWatermark(2);

        Assert.Equal(0, log.LastStableOffset);
        Assert.Empty(Aborted(log, 0));
        End(log, 7, 0, isCommit: true);
        Assert.Empty(Aborted(log, 0));
    }

    [Fact]
    public void Marker_OfAZombieCoordinator_IsRefused()
    {
        using PartitionLog log = _fixture.Open();
        Append(log, 7, 0, 0, 1);
        Assert.Equal(ErrorCode.None, End(log, 7, 0, isCommit: true, coordinatorEpoch: 5).Error);
        Append(log, 7, 0, 1, 1);

        Assert.Equal(
            ErrorCode.TransactionCoordinatorFenced, End(log, 7, 0, isCommit: true, coordinatorEpoch: 4).Error);
    }

    [Fact]
    public void Marker_OfAnEarlierTransaction_DoesNotEndALaterOne()
    {
        using PartitionLog log = _fixture.Open();
        Append(log, 7, 3, 0, 1);

        Assert.Equal(ErrorCode.InvalidProducerEpoch, End(log, 7, 2, isCommit: true).Error);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, End(log, 7, 3, isCommit: true, bumpsEpoch: true).Error);
        Assert.Equal(ErrorCode.None, End(log, 7, 4, isCommit: true, bumpsEpoch: true).Error);
        Assert.Equal(ErrorCode.None, End(log, 7, 4, isCommit: true, bumpsEpoch: true).Error);
    }

    [Fact]
    public void PlainBatch_OfAProducerInATransaction_IsRefused()
    {
        using PartitionLog log = _fixture.Open();
        Append(log, 7, 0, 0, 1);

        Assert.Equal(ErrorCode.InvalidTxnState, log.AppendAsLeader(_fixture.Idempotent(7, 0, 1), 0).Error);
    }

    [Fact]
    public void LateBatch_AfterItsMarker_IsRefused()
    {
        using PartitionLog log = _fixture.Open();
        long token = log.StartVerification(7, 0, 0, bumpsEpoch: false);
        End(log, 7, 0, isCommit: false);

        Assert.Equal(ErrorCode.InvalidTxnState, AppendChecked(log, token).Error);
        Assert.Equal(ErrorCode.InvalidTxnState, AppendChecked(log, 0).Error);
        long again = log.StartVerification(7, 0, 0, bumpsEpoch: false);
        Assert.Equal(ErrorCode.None, AppendChecked(log, again).Error);
        Assert.Equal(0, log.StartVerification(7, 0, 1, bumpsEpoch: false));
    }

    [Fact]
    public void LateOffsets_AfterTheirMarker_AreRefused()
    {
        using PartitionLog log = _fixture.Open();
        long token = log.StartVerification(7, 0, -1, bumpsEpoch: true);
        End(log, 7, 0, isCommit: true);

        Assert.Equal(ErrorCode.InvalidTxnState, AppendChecked(log, token, AppendOrigin.Coordinator).Error);
        Assert.False(log.HasOpenTransaction(7, 0));
        long again = log.StartVerification(7, 1, -1, bumpsEpoch: true);
        Assert.Equal(ErrorCode.None, AppendChecked(log, again, AppendOrigin.Coordinator, epoch: 1).Error);
        Assert.Equal(ErrorCode.None, AppendChecked(log, 0, AppendOrigin.Coordinator, epoch: 1).Error);
    }

    /// <summary>With an epoch a transaction the marker of the one before bears the epoch of the next, which may have
    /// begun.</summary>
    [Fact]
    public void MarkerOfTheTransactionBefore_LeavesTheCheckOfTheNextAlone()
    {
        using PartitionLog log = _fixture.Open();
        Append(log, 7, 0, 0, 1);
        long token = log.StartVerification(7, 1, 0, bumpsEpoch: true);
        Assert.Equal(ErrorCode.None, End(log, 7, 1, isCommit: true, bumpsEpoch: true).Error);

        Assert.Equal(ErrorCode.None, AppendChecked(log, token, epoch: 1).Error);
        Assert.True(log.HasOpenTransaction(7, 1));
    }

    private LogAppendResult AppendChecked(
        PartitionLog log, long token, AppendOrigin origin = AppendOrigin.Client, short epoch = 0) =>
        log.AppendAsLeader(
            new LeaderAppend(
                Records(7, epoch, origin == AppendOrigin.Client ? 0 : -1, 1), origin, IsVerificationRequired: true,
                Verification: token),
            0);

    /// <summary>0-1 of 7, 2 of 9, 3 of 8, 4 aborts 7, 5 of 8, 6 commits 9, 7 aborts 8, 8 plain.</summary>
    private void AppendTwoAbortedAndOneCommitted(PartitionLog log)
    {
        Append(log, 7, 0, 0, 2);
        Append(log, 9, 0, 0, 1);
        Append(log, 8, 0, 0, 1);
        End(log, 7, 0, isCommit: false);
        Append(log, 8, 0, 1, 1);
        End(log, 9, 0, isCommit: true);
        End(log, 8, 0, isCommit: false);
        log.AppendAsLeader(_fixture.Batch(), 0);
        log.SetHighWatermark(9);
    }

    private void Append(PartitionLog log, long producer, short epoch, int sequence, int count) =>
        Assert.Equal(ErrorCode.None, log.AppendAsLeader(Records(producer, epoch, sequence, count), 0).Error);

    private byte[] Records(long producer, short epoch, int sequence, int count) => _fixture.Batch(
        count, options: new RecordBatchOptions
        {
            ProducerId = producer,
            ProducerEpoch = epoch,
            BaseSequence = sequence,
            IsTransactional = true,
        });

    private LogAppendResult End(
        PartitionLog log, long producer, short epoch, bool isCommit, int coordinatorEpoch = 0, bool bumpsEpoch = false)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            ProducerId = producer,
            ProducerEpoch = epoch,
            IsTransactional = true,
            IsControl = true,
        });
        ControlRecords.AppendEndTxnMarker(builder, _fixture.Clock.NowMs, isCommit, coordinatorEpoch);
        var results = new LogAppendResult[1];
        log.AppendAsLeader(
            [new LeaderAppend(builder.Build().ToArray(), AppendOrigin.Coordinator, BumpsEpoch: bumpsEpoch)],
            0, results);
        return results[0];
    }

    private static List<(int Producer, long First)> Aborted(PartitionLog log, long start)
    {
        List<(int Producer, long First)> found = [];
        for (long at = start; at < log.LastStableOffset;)
        {
            using LogReadResult read = log.Read(at, int.MaxValue, log.LastStableOffset, minOneBatch: true);
            foreach (AbortedTransaction aborted in log.AbortedTransactions(at, read))
            {
                found.Add(((int)aborted.ProducerId, aborted.FirstOffset));
            }

            var batches = new RecordBatchEnumerator(read.Records.Span);
            while (batches.MoveNext())
            {
                at = batches.Current.NextOffset;
            }
        }

        return found;
    }
}
