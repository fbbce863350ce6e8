using KRaftSharp.Broker.Replication.Fetching;
using KRaftSharp.Log;

namespace KRaftSharp.Tests.Unit.Replication;

/// <summary>Where a follower cuts its log when the leader says that it parts (KIP-101, KIP-279, KIP-595).</summary>
public sealed class TruncationPointTests
{
    private const long HighWatermark = 3;

    [Fact]
    public void SameEpoch_CutsAtTheNearerEnd()
    {
        Assert.Equal(7, FollowerStep.TruncationPoint(new(4, 7), new(4, 9), 12, HighWatermark));
        Assert.Equal(7, FollowerStep.TruncationPoint(new(4, 9), new(4, 7), 12, HighWatermark));
    }

    [Fact]
    public void UnknownEpochOfTheLeader_CutsWhereTheOwnEarlierOneEnds() =>
        Assert.Equal(6, FollowerStep.TruncationPoint(new(4, 9), new(2, 6), 12, HighWatermark));

    [Fact]
    public void NoOwnEpochs_CutsAtTheLeadersEnd() =>
        Assert.Equal(9, FollowerStep.TruncationPoint(new(4, 9), LogPoint.Undefined, 12, HighWatermark));

    [Fact]
    public void Cut_IsNeverBeyondTheLogEnd() =>
        Assert.Equal(8, FollowerStep.TruncationPoint(new(4, 20), new(4, 15), 8, HighWatermark));

    [Fact]
    public void LeaderThatKnowsNothing_CutsAtTheHighWatermark() =>
        Assert.Equal(HighWatermark, FollowerStep.TruncationPoint(LogPoint.Undefined, new(4, 9), 12, HighWatermark));
}
