using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Log;

/// <summary>Idempotent producers (KIP-98, KIP-360).</summary>
public sealed class ProducerTests : IDisposable
{
    private readonly LogFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Retry_OfAnyOfTheLastFiveBatches_ReturnsTheOriginalOffsets()
    {
        using PartitionLog log = _fixture.Open();
        AppendSeven(log);

        AssertLastFiveAreKnown(log);
    }

    [Fact]
    public void Retry_OfASixthBatchBack_IsOutOfOrder()
    {
        using PartitionLog log = _fixture.Open();
        AppendSeven(log);

        Assert.Equal(
            ErrorCode.OutOfOrderSequenceNumber, log.AppendAsLeader(_fixture.Idempotent(5, 0, 2, 2), 0).Error);
    }

    [Fact]
    public async Task Retry_AfterCleanRestart_ReturnsTheOriginalOffsets()
    {
        using (PartitionLog log = _fixture.Open())
        {
            AppendSeven(log);
            await log.CloseAsync();
        }

        using PartitionLog again = _fixture.Open();
        AssertLastFiveAreKnown(again);
    }

    [Fact]
    public void Retry_AfterCrash_ReturnsTheOriginalOffsets()
    {
        using (PartitionLog log = _fixture.Open())
        {
            AppendSeven(log);
        }

        using PartitionLog again = _fixture.Open(isClean: false);
        AssertLastFiveAreKnown(again);
    }

    [Fact]
    public void Retry_AfterTruncation_IsNewAgain()
    {
        using PartitionLog log = _fixture.Open();
        AppendSeven(log);
        log.TruncateTo(10);

        LogAppendResult result = log.AppendAsLeader(_fixture.Idempotent(5, 0, 10, 2), 0);

        Assert.Equal((ErrorCode.None, false, 10L), (result.Error, result.IsDuplicate, result.BaseOffset));
    }

    [Fact]
    public void Gap_IsOutOfOrder_AndStaleEpochIsFenced()
    {
        using PartitionLog log = _fixture.Open();
        log.AppendAsLeader(_fixture.Idempotent(5, 3, 0), 0);

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, log.AppendAsLeader(_fixture.Idempotent(5, 3, 2), 0).Error);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, log.AppendAsLeader(_fixture.Idempotent(5, 2, 1), 0).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, log.AppendAsLeader(_fixture.Idempotent(5, 4, 1), 0).Error);
        Assert.Equal(ErrorCode.None, log.AppendAsLeader(_fixture.Idempotent(5, 4, 0), 0).Error);
        Assert.Equal(2, log.LogEndOffset);
    }

    [Fact]
    public void UnknownProducer_MayStartAnywhere()
    {
        using PartitionLog log = _fixture.Open();

        Assert.Equal(ErrorCode.None, log.AppendAsLeader(_fixture.Idempotent(5, 3, 77), 0).Error);
    }

    [Fact]
    public void Sequence_WrapsToZero()
    {
        using PartitionLog log = _fixture.Open();
        Assert.Equal(ErrorCode.None, log.AppendAsLeader(_fixture.Idempotent(5, 0, int.MaxValue - 1, 3), 0).Error);

        LogAppendResult retry = log.AppendAsLeader(_fixture.Idempotent(5, 0, int.MaxValue - 1, 3), 0);

        Assert.True(retry.IsDuplicate);
        Assert.Equal(ErrorCode.None, log.AppendAsLeader(_fixture.Idempotent(5, 0, 1), 0).Error);
        Assert.Equal(1, log.Producers.Active.Single().LastSequence);
    }

    [Fact]
    public void Duplicate_WithinOneCall_IsRecognised()
    {
        using PartitionLog log = _fixture.Open();
        var results = new LogAppendResult[2];

        log.AppendAsLeader(
            [new LeaderAppend(_fixture.Idempotent(5, 0, 0)), new LeaderAppend(_fixture.Idempotent(5, 0, 0))],
            0, results);

        Assert.True(results[1].IsDuplicate);
        Assert.Equal(0, results[1].BaseOffset);
        Assert.Equal(1, log.LogEndOffset);
    }

    [Fact]
    public void IdleProducer_IsForgottenAfterItsTime()
    {
        using PartitionLog log = _fixture.Open();
        log.AppendAsLeader(_fixture.Idempotent(5, 0, 0), 0);
        _fixture.Clock.Advance(86_400_000);

        Assert.Equal(ErrorCode.None, log.AppendAsLeader(_fixture.Idempotent(5, 0, 9), 0).Error);
        log.AppendAsLeader(_fixture.Idempotent(6, 0, 0), 0);
        _fixture.Clock.Advance(86_400_000);
        log.ApplyRetention(_fixture.Clock.NowMs);
        Assert.Equal(0, log.Producers.Count);
    }

    private void AppendSeven(PartitionLog log)
    {
        for (int i = 0; i < 7; i++)
        {
            Assert.Equal(2 * i, log.AppendAsLeader(_fixture.Idempotent(5, 0, 2 * i, 2), 0).BaseOffset);
        }
    }

    private void AssertLastFiveAreKnown(PartitionLog log)
    {
        for (int i = 2; i < 7; i++)
        {
            LogAppendResult retry = log.AppendAsLeader(_fixture.Idempotent(5, 0, 2 * i, 2), 0);
            Assert.True(retry.IsDuplicate, $"batch {i}: {retry.Error}");
            Assert.Equal((2L * i, (2L * i) + 1), (retry.BaseOffset, retry.LastOffset));
        }

        Assert.Equal(14, log.LogEndOffset);
        LogAppendResult next = log.AppendAsLeader(_fixture.Idempotent(5, 0, 14), 0);
        Assert.Equal((ErrorCode.None, 14L), (next.Error, next.BaseOffset));
    }
}
