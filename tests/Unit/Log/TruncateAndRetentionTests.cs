using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Log;

public sealed class TruncateAndRetentionTests : IDisposable
{
    private readonly LogFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void TruncateTo_BatchBoundary_KeepsExactlyWhatIsBefore()
    {
        using PartitionLog log = OpenWithSegments();

        for (long end = 29; end >= 0; end -= 3)
        {
            Assert.True(log.TruncateTo(end));
            Assert.Equal(end, log.LogEndOffset);
            Assert.Equal(Numbers(0, end), LogFixture.AllOffsets(log));
            Assert.Equal(end, log.AppendAsLeader(_fixture.Batch(), 9).BaseOffset);
            Assert.Equal(new LogPoint(9, end + 1), log.EndOffsetForEpoch(9));
            log.TruncateTo(end);
        }

        Assert.False(log.TruncateTo(log.LogEndOffset));
    }

    [Fact]
    public void TruncateTo_InsideABatch_EndsWhereTheBatchBegan()
    {
        using PartitionLog log = _fixture.Open();
        log.AppendAsLeader(_fixture.Batch(5), 0);
        log.AppendAsLeader(_fixture.Batch(5), 0);

        log.TruncateTo(7);

        Assert.Equal(5, log.LogEndOffset);
    }

    [Fact]
    public async Task TruncateTo_BelowRecoveryPoint_LowersItAndLaterFlushRaisesIt()
    {
        using PartitionLog log = OpenWithSegments();
        await log.FlushAsync();
        Assert.Equal(30, log.RecoveryPoint);

        log.TruncateTo(12);
        Assert.Equal(12, log.RecoveryPoint);
        log.AppendAsLeader(_fixture.Batch(), 0);
        Assert.Equal(12, log.RecoveryPoint);
        await log.FlushAsync();

        Assert.Equal(13, log.RecoveryPoint);
    }

    [Fact]
    public async Task TruncateFully_StartsAnewAndSurvivesRestart()
    {
        using (PartitionLog log = OpenWithSegments())
        {
            log.TruncateFullyAndStartAt(1000);
            Assert.Equal((1000, 1000, 1000), (log.LogStartOffset, log.HighWatermark, log.LogEndOffset));
            Assert.Equal(-1, log.LatestEpoch);
            log.AssignEpochStart(12);
            Assert.Equal(1000, log.AppendAsLeader(_fixture.Batch(), 12).BaseOffset);
            await log.CloseAsync();
        }

        using PartitionLog again = _fixture.Open();
        Assert.Equal((1000, 1001), (again.LogStartOffset, again.LogEndOffset));
        Assert.Equal([1000], LogFixture.AllOffsets(again));
        Assert.Equal(12, again.LatestEpoch);
    }

    [Fact]
    public void Retention_ByTime_DropsOldSegmentsBelowTheHighWatermark()
    {
        _fixture.Options = _fixture.Options with { RetentionMs = 10_000 };
        using PartitionLog log = OpenWithSegments();
        _fixture.Clock.Advance(5_000);
        long boundary = log.LogEndOffset;
        log.Roll();
        log.AppendAsLeader(_fixture.Batch(), 0);
        _fixture.Clock.Advance(6_000);

        Assert.Equal(0, log.ApplyRetention(_fixture.Clock.NowMs));
        log.SetHighWatermark(log.LogEndOffset);
        Assert.True(log.ApplyRetention(_fixture.Clock.NowMs) > 1);

        Assert.Equal(boundary, log.LogStartOffset);
        Assert.Equal([boundary], LogFixture.AllOffsets(log));
        using LogReadResult below = log.Read(0, 100, log.LogEndOffset, true);
        Assert.Equal(ErrorCode.OffsetOutOfRange, below.Error);
    }

    [Fact]
    public void Retention_OfEverything_LeavesAnEmptyLogAtItsEnd()
    {
        _fixture.Options = _fixture.Options with { RetentionMs = 10_000 };
        using PartitionLog log = OpenWithSegments();
        log.SetHighWatermark(log.LogEndOffset);
        _fixture.Clock.Advance(20_000);

        log.ApplyRetention(_fixture.Clock.NowMs);

        Assert.Equal((30, 30, 1), (log.LogStartOffset, log.LogEndOffset, log.SegmentCount));
        Assert.Equal(30, log.AppendAsLeader(_fixture.Batch(), 0).BaseOffset);
    }

    [Fact]
    public void Retention_BySize_KeepsAtLeastTheSize()
    {
        using PartitionLog log = OpenWithSegments();
        log.SetHighWatermark(log.LogEndOffset);
        long before = log.SizeBytes;
        log.UpdateOptions(log.Options with { RetentionBytes = before / 2 });

        log.ApplyRetention(_fixture.Clock.NowMs);

        Assert.InRange(log.SizeBytes, before / 2, before - 1);
        Assert.True(log.LogStartOffset > 0);
        Assert.Equal(Numbers(log.LogStartOffset, 30), LogFixture.AllOffsets(log));
    }

    [Fact]
    public void DeleteRecords_MovesTheStart_FilesGoAfterTheirDelay()
    {
        using PartitionLog log = OpenWithSegments();
        Assert.False(log.AdvanceLogStartOffset(17));
        log.SetHighWatermark(20);
        using LogSlice held = log.Locate(0, int.MaxValue, 5, true);

        Assert.True(log.AdvanceLogStartOffset(17));
        Assert.True(log.DeleteSegmentsBelowLogStart() > 0);

        Assert.Equal(17, log.LogStartOffset);
        Assert.Equal(Numbers(17, 30), LogFixture.AllOffsets(log));
        byte[] read = new byte[held.Length];
        Assert.Equal(held.Length, held.ReadTo(read));
        Assert.NotEmpty(Directory.GetFiles(_fixture.LogPath, "*.deleted"));
        _fixture.Clock.Advance(60_000);
        Assert.Empty(Directory.GetFiles(_fixture.LogPath, "*.deleted"));
        Assert.Equal(held.Length, held.ReadTo(read));
    }

    [Fact]
    public void Roll_ByTime_CountsRecordTimestamps()
    {
        _fixture.Options = _fixture.Options with { SegmentMs = 1000 };
        using PartitionLog log = _fixture.Open();
        log.AppendAsLeader(_fixture.Batch(), 0);
        _fixture.Clock.Advance(1000);
        log.AppendAsLeader(_fixture.Batch(), 0);
        Assert.Equal(1, log.SegmentCount);
        _fixture.Clock.Advance(1);

        log.AppendAsLeader(_fixture.Batch(), 0);

        Assert.Equal(2, log.SegmentCount);
    }

    [Fact]
    public void TimestampLookup_FindsTheFirstRecordNotBefore()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 2000 };
        using PartitionLog log = _fixture.Open();
        long start = _fixture.Clock.NowMs;
        for (int i = 0; i < 100; i++)
        {
            log.AppendAsLeader(_fixture.Batch(2, timestampMs: start + (10 * i)), 4);
        }

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(
                new TimestampedOffset(start + (10 * i), 2 * i, 4), log.FindOffsetByTimestamp(start + (10 * i)));
            Assert.Equal(
                new TimestampedOffset(start + (10 * i) + 1, (2 * i) + 1, 4),
                log.FindOffsetByTimestamp(start + (10 * i) + 1));
        }

        Assert.Null(log.FindOffsetByTimestamp(start + 992));
        Assert.Equal(new TimestampedOffset(start + 991, 199, 4), log.FindMaxTimestamp());
    }

    private PartitionLog OpenWithSegments()
    {
        _fixture.Options = _fixture.Options with { SegmentBytes = 500 };
        PartitionLog log = _fixture.Open();
        for (int i = 0; i < 30; i++)
        {
            log.AppendAsLeader(_fixture.Batch(), i / 10);
        }

        Assert.True(log.SegmentCount > 4);
        return log;
    }

    private static IEnumerable<long> Numbers(long from, long to)
    {
        for (long i = from; i < to; i++)
        {
            yield return i;
        }
    }
}
