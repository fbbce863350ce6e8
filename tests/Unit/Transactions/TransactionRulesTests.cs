using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Transactions;

public sealed class TransactionRulesTests
{
    private const long Now = 10_000;
    private const int Timeout = 60_000;
    private const short V1 = 0;
    private const short V2 = TransactionRules.EpochBumpVersion;
    private const short LastEpoch = short.MaxValue - 1;

    private static readonly TopicPartition Out = new("out", 0);

    [Fact]
    public void NewId_NeedsAProducerId_ThenStartsAtEpochZero()
    {
        Assert.True(Initialize(null, -1, -1, newProducerId: null).NeedsProducerId);

        TransactionMetadata next = Initialize(null, -1, -1).Next!;
        Assert.Equal((7L, (short)0, TransactionStatus.Empty), (next.ProducerId, next.ProducerEpoch, next.Status));
    }

    [Theory]
    [InlineData(nameof(TransactionStatus.PrepareCommit))]
    [InlineData(nameof(TransactionStatus.PrepareAbort))]
    public void Initialize_WhileMarkersAreOnTheirWay_IsToComeAgain(string status)
    {
        TransactionVerdict verdict = Initialize(Known(Of(status)), -1, -1);
        Assert.Equal((ErrorCode.ConcurrentTransactions, null), (verdict.Error, verdict.Next));
    }

    [Fact]
    public void Initialize_OverAnOpenTransaction_AbortsItInAnEpochThatNobodyHas()
    {
        TransactionVerdict verdict = Initialize(Known(TransactionStatus.Ongoing), -1, -1);

        Assert.Equal(ErrorCode.ConcurrentTransactions, verdict.Error);
        Assert.Equal((TransactionStatus.PrepareAbort, (short)6), (verdict.Next!.Status, verdict.Next.ProducerEpoch));
        Assert.Equal(7, Initialize(TransactionRules.Complete(verdict.Next, Now), -1, -1).Next!.ProducerEpoch);
    }

    /// <summary>KIP-360: who goes on after an error shows its epoch; a zombie is not let in by one that has passed.
    /// </summary>
    [Theory]
    [InlineData(5, 6, ErrorCode.None)]
    [InlineData(4, 5, ErrorCode.None)]
    [InlineData(3, -1, ErrorCode.ProducerFenced)]
    [InlineData(6, -1, ErrorCode.ProducerFenced)]
    public void Initialize_WithAnEpoch_BumpsTheCurrentOrRepeatsTheLast(int epoch, int expected, ErrorCode error)
    {
        TransactionMetadata known = Known(TransactionStatus.CompleteCommit) with { LastProducerEpoch = 4 };
        TransactionVerdict verdict = Initialize(known, 7, (short)epoch);
        Assert.Equal((error, expected), (verdict.Error, verdict.Next?.ProducerEpoch ?? -1));
    }

    [Fact]
    public void Initialize_WithTheLastEpochUsedUp_RotatesTheProducerId()
    {
        TransactionMetadata known = Known(TransactionStatus.CompleteCommit) with { ProducerEpoch = LastEpoch };
        Assert.True(Initialize(known, -1, -1, newProducerId: null).NeedsProducerId);

        TransactionMetadata next = Initialize(known, 7, LastEpoch, newProducerId: 8).Next!;
        Assert.Equal((8L, (short)0, 7L), (next.ProducerId, next.ProducerEpoch, next.PreviousProducerId));

        // The answer was lost, and the request comes again with the old id.
        Assert.Equal(ErrorCode.None, Initialize(next, 7, LastEpoch).Error);
        Assert.Equal(ErrorCode.ProducerFenced, Initialize(next, 7, 12).Error);
        Assert.Equal(ErrorCode.ProducerFenced, Initialize(next, 9, LastEpoch).Error);
    }

    [Theory]
    [InlineData(7, 5, nameof(TransactionStatus.Empty), ErrorCode.None)]
    [InlineData(7, 5, nameof(TransactionStatus.CompleteAbort), ErrorCode.None)]
    [InlineData(7, 5, nameof(TransactionStatus.PrepareCommit), ErrorCode.ConcurrentTransactions)]
    [InlineData(7, 4, nameof(TransactionStatus.Ongoing), ErrorCode.ProducerFenced)]
    [InlineData(7, 6, nameof(TransactionStatus.Ongoing), ErrorCode.ProducerFenced)]
    [InlineData(9, 5, nameof(TransactionStatus.Ongoing), ErrorCode.InvalidProducerIdMapping)]
    public void AddPartitions_IsForTheCurrentProducerBetweenTransactions(
        long id, int epoch, string status, ErrorCode error)
    {
        TransactionVerdict verdict = TransactionRules.AddPartitions(
            Known(Of(status)), new ProducerRequest("x", id, (short)epoch), [new TopicPartition("out", 1)], V2, Now);
        Assert.Equal(error, verdict.Error);
        Assert.Equal(error == ErrorCode.None, verdict.Next is { Status: TransactionStatus.Ongoing });
    }

    [Fact]
    public void AddPartitions_ThatAreThere_WritesNothing() => Assert.Equal(
        default, TransactionRules.AddPartitions(
            Known(TransactionStatus.Ongoing), new ProducerRequest("x", 7, 5), [Out], V2, Now));

    [Fact]
    public void AddPartitions_BeginsWithoutThoseOfTheTransactionBefore()
    {
        TransactionMetadata next = TransactionRules.AddPartitions(
            Known(TransactionStatus.CompleteCommit) with { Partitions = [] }, new ProducerRequest("x", 7, 5),
            [new TopicPartition("out", 1)], V1, Now).Next!;
        Assert.Equal([new TopicPartition("out", 1)], next.Partitions);
        Assert.Equal((Now, V1), (next.StartTimestampMs, next.ClientVersion));
    }

    [Theory]
    [InlineData(nameof(TransactionStatus.Ongoing), true, ErrorCode.None)]
    [InlineData(nameof(TransactionStatus.CompleteCommit), true, ErrorCode.None)]
    [InlineData(nameof(TransactionStatus.CompleteCommit), false, ErrorCode.InvalidTxnState)]
    [InlineData(nameof(TransactionStatus.CompleteAbort), false, ErrorCode.None)]
    [InlineData(nameof(TransactionStatus.PrepareCommit), true, ErrorCode.ConcurrentTransactions)]
    [InlineData(nameof(TransactionStatus.PrepareCommit), false, ErrorCode.InvalidTxnState)]
    [InlineData(nameof(TransactionStatus.Empty), true, ErrorCode.InvalidTxnState)]
    [InlineData(nameof(TransactionStatus.Empty), false, ErrorCode.InvalidTxnState)]
    public void End_InOneEpoch_DependsOnTheState(string status, bool isCommit, ErrorCode error)
    {
        TransactionVerdict verdict = End(Known(Of(status)), 5, isCommit, V1);
        Assert.Equal(error, verdict.Error);
        Assert.Equal(5, verdict.Next?.ProducerEpoch ?? 5);
        Assert.Equal(ErrorCode.ProducerFenced, End(Known(Of(status)), 4, isCommit, V1).Error);
    }

    [Fact]
    public void End_WithAnEpochATransaction_IsKnownWhenItComesAgain()
    {
        TransactionMetadata prepared = End(Known(TransactionStatus.Ongoing), 5, isCommit: true, V2).Next!;
        Assert.Equal((TransactionStatus.PrepareCommit, (short)6), (prepared.Status, prepared.ProducerEpoch));
        Assert.Equal(ErrorCode.ConcurrentTransactions, End(prepared, 5, isCommit: true, V2).Error);
        Assert.Equal(ErrorCode.InvalidTxnState, End(prepared, 5, isCommit: false, V2).Error);

        TransactionMetadata complete = TransactionRules.Complete(prepared, Now);
        Assert.Equal(default, End(complete, 5, isCommit: true, V2));
        Assert.Equal(ErrorCode.InvalidTxnState, End(complete, 5, isCommit: false, V2).Error);
        Assert.Equal(ErrorCode.ProducerFenced, End(complete, 4, isCommit: true, V2).Error);
    }

    /// <summary>KIP-890: a delayed request of an earlier transaction has no effect on the one that is open.</summary>
    [Fact]
    public void DelayedRequests_OfAnEarlierTransaction_AreFenced()
    {
        TransactionMetadata open = Known(TransactionStatus.Ongoing);
        Assert.Equal(ErrorCode.ProducerFenced, End(open, 4, isCommit: true, V2).Error);
        Assert.Equal(ErrorCode.ProducerFenced, End(open, 4, isCommit: false, V2).Error);
        Assert.Equal(
            ErrorCode.ProducerFenced,
            TransactionRules.AddPartitions(open, new ProducerRequest("x", 7, 4), [Out], V2, Now).Error);
    }

    [Fact]
    public void End_OfNothing_MayOnlyAbort_AndFencesWhatIsOnItsWay()
    {
        TransactionMetadata known = Known(TransactionStatus.CompleteCommit) with { Partitions = [] };
        Assert.Equal(ErrorCode.InvalidTxnState, End(known, 5, isCommit: true, V2).Error);
        Assert.Equal(6, End(known, 5, isCommit: false, V2).Next!.ProducerEpoch);
    }

    [Fact]
    public void End_InTheLastEpoch_RotatesTheProducerId_OnceTheMarkersAreWritten()
    {
        TransactionMetadata known = Known(TransactionStatus.Ongoing) with { ProducerEpoch = LastEpoch };
        Assert.True(End(known, LastEpoch, isCommit: true, V2, newProducerId: null).NeedsProducerId);

        TransactionMetadata prepared = End(known, LastEpoch, isCommit: true, V2, newProducerId: 8).Next!;
        Assert.Equal((7L, short.MaxValue, 8L), (prepared.ProducerId, prepared.ProducerEpoch, prepared.NextProducerId));

        TransactionMetadata complete = TransactionRules.Complete(prepared, Now);
        Assert.Equal((8L, (short)0, 7L), (complete.ProducerId, complete.ProducerEpoch, complete.PreviousProducerId));
        Assert.Equal(default, End(complete, LastEpoch, isCommit: true, V2));
    }

    [Fact]
    public void Timeout_CountsFromTheStart_AndFencesTheProducer()
    {
        TransactionMetadata open = Known(TransactionStatus.Ongoing) with { StartTimestampMs = Now };
        Assert.False(TransactionRules.IsTimedOut(open, Now + Timeout));
        Assert.True(TransactionRules.IsTimedOut(open, Now + Timeout + 1));
        Assert.False(TransactionRules.IsTimedOut(Known(TransactionStatus.PrepareCommit), long.MaxValue));

        TransactionMetadata fenced = TransactionRules.Fence(open, V2, Now);
        Assert.Equal((TransactionStatus.PrepareAbort, (short)6, true),
            (fenced.Status, fenced.ProducerEpoch, fenced.BumpsEpoch));
        TransactionMetadata aborted = TransactionRules.Complete(fenced, Now);
        Assert.Equal(ErrorCode.ProducerFenced, End(aborted, 5, isCommit: true, V1).Error);
        Assert.False(TransactionRules.Fence(open, 1, Now).BumpsEpoch);
    }

    [Theory]
    [InlineData(nameof(TransactionStatus.Empty), true)]
    [InlineData(nameof(TransactionStatus.CompleteCommit), true)]
    [InlineData(nameof(TransactionStatus.CompleteAbort), true)]
    [InlineData(nameof(TransactionStatus.Ongoing), false)]
    [InlineData(nameof(TransactionStatus.PrepareCommit), false)]
    public void Expiry_IsForIdsAtRest(string status, bool expires)
    {
        TransactionMetadata known = Known(Of(status)) with { LastUpdateTimestampMs = Now };
        Assert.False(TransactionRules.IsExpired(known, 100, Now + 99));
        Assert.Equal(expires, TransactionRules.IsExpired(known, 100, Now + 100));
    }

    private static TransactionStatus Of(string name) => Enum.Parse<TransactionStatus>(name);

    private static TransactionMetadata Known(TransactionStatus status) => new()
    {
        TransactionalId = "x",
        ProducerId = 7,
        ProducerEpoch = 5,
        TimeoutMs = Timeout,
        Status = status,
        Partitions = [Out],
        StartTimestampMs = 1,
        LastUpdateTimestampMs = 1,
        ClientVersion = V2,
    };

    private static TransactionVerdict Initialize(
        TransactionMetadata? known, long id, short epoch, long? newProducerId = 7) => TransactionRules.Initialize(
            known, new ProducerRequest("x", id, epoch), Timeout, newProducerId, V2, Now);

    private static TransactionVerdict End(
        TransactionMetadata known, short epoch, bool isCommit, short clientVersion, long? newProducerId = 8) =>
        TransactionRules.End(
            known, new ProducerRequest("x", 7, epoch), isCommit, clientVersion, newProducerId, Now);
}
