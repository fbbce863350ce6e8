using KRaftSharp.Broker.Replication.Throttling;
using KRaftSharp.Log;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Quotas;

namespace KRaftSharp.Tests.Unit.Replication;

/// <summary>KIP-73: which replicas are throttled, and when they have to wait.</summary>
public sealed class ReplicationThrottleTests
{
    private readonly ReplicationThrottle _throttle = new("leader", 2, QuotaWindows.Default);
    private MetadataImage _image = MetadataImage.Empty;

    [Fact]
    public void Replicas_AreThoseOfThisBroker()
    {
        Set(ConfigResource.Topic("t"), "leader.replication.throttled.replicas", "0:2,1:1,2:2");
        Set(ConfigResource.Topic("u"), "leader.replication.throttled.replicas", "*");
        Set(ConfigResource.Topic("v"), "follower.replication.throttled.replicas", "*");

        Assert.True(_throttle.Covers(new TopicPartition("t", 0)));
        Assert.False(_throttle.Covers(new TopicPartition("t", 1)));
        Assert.True(_throttle.Covers(new TopicPartition("t", 2)));
        Assert.True(_throttle.Covers(new TopicPartition("u", 7)));
        Assert.False(_throttle.Covers(new TopicPartition("v", 0)));
        Set(ConfigResource.Topic("u"), "leader.replication.throttled.replicas", null);
        Assert.False(_throttle.Covers(new TopicPartition("u", 7)));
        Assert.True(_throttle.Covers(new TopicPartition("t", 0)));
    }

    [Fact]
    public void Rate_OfThisBrokerCountsBeforeThatOfAll_AndChangesCountAtOnce()
    {
        _throttle.Record(5_000, 1_000);
        Assert.False(_throttle.IsExceeded(1_000));
        Set(ConfigResource.DefaultBroker, "leader.replication.throttled.rate", "1000");
        Assert.True(_throttle.IsExceeded(1_000));
        Set(ConfigResource.Broker(2), "leader.replication.throttled.rate", "5000");
        Assert.False(_throttle.IsExceeded(1_000));
        Set(ConfigResource.Broker(2), "leader.replication.throttled.rate", null);
        Assert.True(_throttle.IsExceeded(2_000));
        Assert.False(_throttle.IsExceeded(6_000));
    }

    /// <summary>Who asks before each piece moves no more than the rate and one piece, over any time.</summary>
    [Fact]
    public void Pieces_HeldBackWhileItIsExceeded_KeepToTheRate()
    {
        const int Rate = 10_000;
        const int Piece = 3_000;
        Set(ConfigResource.Broker(2), "leader.replication.throttled.rate", "10000");
        (long moved, long startMs) = (0, 1_000);
        for (long nowMs = startMs; nowMs < startMs + 60_000; nowMs += 100)
        {
            if (!_throttle.IsExceeded(nowMs))
            {
                _throttle.Record(Piece, nowMs);
                moved += Piece;
            }
        }

        Assert.InRange(moved, 0.8 * 60 * Rate, (60 * Rate * 1.1) + Rate + Piece);
    }

    private void Set(ConfigResource resource, string key, string? value)
    {
        MetadataDelta delta = new(_image);
        delta.Replay(new ConfigRecord
        {
            ResourceType = (sbyte)resource.Type,
            ResourceName = resource.Name,
            Name = key,
            Value = value,
        });
        _image = delta.Apply(default, 0);
        _throttle.Update(delta, _image);
    }
}
