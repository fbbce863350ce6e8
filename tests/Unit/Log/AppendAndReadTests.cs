using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Log;

public sealed class AppendAndReadTests : IDisposable
{
    private readonly LogFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void LeaderAppend_AssignsOffsetsAndEpochInPlace()
    {
        using PartitionLog log = _fixture.Open();
        byte[] batch = _fixture.Batch(count: 3);

        LogAppendResult first = log.AppendAsLeader(batch, leaderEpoch: 7);
        LogAppendResult second = log.AppendAsLeader(_fixture.Batch(), leaderEpoch: 7);

        Assert.Equal((0, 2), (first.BaseOffset, first.LastOffset));
        Assert.Equal((3, 3), (second.BaseOffset, second.LastOffset));
        Assert.Equal(4, log.LogEndOffset);
        Assert.True(RecordBatchView.TryParse(batch, out RecordBatchView view));
        Assert.Equal(7, view.PartitionLeaderEpoch);
        Assert.Equal([0, 3], LogFixture.AllOffsets(log));
        Assert.Equal(7, log.LatestEpoch);
    }

    [Fact]
    public void LeaderAppends_OfOneCall_AreJudgedOneByOne()
    {
        using PartitionLog log = _fixture.Open();
        byte[] corrupt = _fixture.Batch();
        corrupt[^1] ^= 1;
        var results = new LogAppendResult[3];

        log.AppendAsLeader(
            [new LeaderAppend(_fixture.Batch(2)), new LeaderAppend(corrupt), new LeaderAppend(_fixture.Batch())],
            0, results);

        Assert.Equal(
            [ErrorCode.None, ErrorCode.CorruptMessage, ErrorCode.None], results.Select(result => result.Error));
        Assert.Equal([0, 2], LogFixture.AllOffsets(log));
    }

    [Fact]
    public void LeaderAppends_ThatFillSegments_RollInBetween()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 400 };
        using PartitionLog log = _fixture.Open();
        LeaderAppend[] appends = [.. Enumerable.Range(0, 20).Select(_ => new LeaderAppend(_fixture.Batch()))];

        log.AppendAsLeader(appends, 0, new LogAppendResult[20]);

        Assert.True(log.SegmentCount > 3);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), LogFixture.AllOffsets(log));
    }

    [Fact]
    public void BatchBeyondSegmentBytes_IsRecordListTooLarge()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 400 };
        using PartitionLog log = _fixture.Open();

        Assert.Equal(ErrorCode.RecordListTooLarge, log.AppendAsLeader(_fixture.Batch(1, 500), 0).Error);
        Assert.Equal(0, log.LogEndOffset);
    }

    [Fact]
    public void FollowerAppend_KeepsBytesExactly()
    {
        using PartitionLog log = _fixture.Open();
        byte[] first = _fixture.Batch(2);
        byte[] second = _fixture.Batch(1);
        RecordBatchMutator.SetBaseOffset(first, 10);
        RecordBatchMutator.SetPartitionLeaderEpoch(first, 3);
        RecordBatchMutator.SetBaseOffset(second, 12);
        RecordBatchMutator.SetPartitionLeaderEpoch(second, 4);
        byte[] sent = [.. first, .. second, .. second[..30]];
        log.TruncateFullyAndStartAt(10);

        LogAppendResult result = log.AppendAsFollower(sent);

        Assert.Equal((10, 12), (result.BaseOffset, result.LastOffset));
        using LogReadResult read = log.Read(10, int.MaxValue, 13, minOneBatch: true);
        Assert.Equal([.. first, .. second], read.Records.ToArray());
        Assert.Equal([(3, 10L), (4, 12L)], log.Epochs.Entries.Select(entry => (entry.Epoch, entry.StartOffset)));
    }

    [Fact]
    public void FollowerAppend_OfKnownOffsetOrCorruptBatch_IsRefusedWhole()
    {
        using PartitionLog log = _fixture.Open();
        log.AppendAsLeader(_fixture.Batch(3), 0);
        byte[] old = _fixture.Batch();
        byte[] good = _fixture.Batch();
        RecordBatchMutator.SetBaseOffset(good, 3);
        byte[] corrupt = _fixture.Batch();
        RecordBatchMutator.SetBaseOffset(corrupt, 4);
        corrupt[^2] ^= 4;

        Assert.Equal(ErrorCode.OffsetOutOfRange, log.AppendAsFollower(old).Error);
        Assert.Equal(ErrorCode.CorruptMessage, log.AppendAsFollower((byte[])[.. good, .. corrupt]).Error);
        Assert.Equal(3, log.LogEndOffset);
        Assert.Equal(ErrorCode.None, log.AppendAsFollower(good).Error);
    }

    [Fact]
    public void Read_StaysWithinUpperBoundAndSize()
    {
        using PartitionLog log = _fixture.Open();
        for (int i = 0; i < 10; i++)
        {
            log.AppendAsLeader(_fixture.Batch(2), 0);
        }

        int batchBytes = (int)(log.SizeBytes / 10);

        Assert.Equal([4, 6], LogFixture.Offsets(log, 5, upper: 8));
        Assert.Equal([4, 6], LogFixture.Offsets(log, 5, upper: 9));
        Assert.Equal([4, 6], LogFixture.Offsets(log, 4, maxBytes: (2 * batchBytes) + 5));
        Assert.Equal([4], LogFixture.Offsets(log, 4, maxBytes: 1));
        using LogReadResult none = log.Read(4, 1, 20, minOneBatch: false);
        Assert.Equal(0, none.Records.Length);
        using LogReadResult atEnd = log.Read(20, 1, 20, minOneBatch: true);
        Assert.Equal((ErrorCode.None, 0), (atEnd.Error, atEnd.Records.Length));
        using LogReadResult beyond = log.Read(21, 1, 21, minOneBatch: true);
        Assert.Equal(ErrorCode.OffsetOutOfRange, beyond.Error);
    }

    [Fact]
    public void Read_OfAnyOffset_StartsWithTheBatchThatHoldsIt()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 5000 };
        using PartitionLog log = _fixture.Open();
        for (int i = 0; i < 400; i++)
        {
            log.AppendAsLeader(_fixture.Batch(1 + (i % 5), i % 90), 0);
        }

        List<long> starts = LogFixture.AllOffsets(log);
        for (long offset = 0; offset < log.LogEndOffset; offset++)
        {
            long expected = starts.Last(start => start <= offset);
            Assert.Equal(expected, LogFixture.Offsets(log, offset, maxBytes: 1).Single());
        }
    }

    [Fact]
    public void FlushMessages_MakesAppendsDurableBeforeTheyAreAnswered()
    {
        _fixture.Options = _fixture.Options with { FlushMessages = 3 };
        using PartitionLog log = _fixture.Open();

        log.AppendAsLeader(_fixture.Batch(2), 0);
        Assert.Equal(0, log.RecoveryPoint);
        log.AppendAsLeader(_fixture.Batch(2), 0);

        Assert.Equal(4, log.RecoveryPoint);
    }

    [Fact]
    public void ReadBuffers_AreGivenBackAndPlacedForTheKernel()
    {
        var pool = new KRaftSharp.Log.Segments.ReadBufferPool();
        for (int i = 0; i < 50; i++)
        {
            using KRaftSharp.Log.Segments.ReadBuffer buffer = pool.Rent(1000 * i, filePosition: 777 * i);
            Assert.Equal(1000 * i, buffer.Memory.Length);
            unsafe
            {
                using System.Buffers.MemoryHandle pin = buffer.Memory.Pin();
                Assert.Equal(((777 * i) + 64) % 4096, (int)((nuint)pin.Pointer % 4096));
            }
        }

        Assert.Equal(0, pool.RentedCount);
    }
}
