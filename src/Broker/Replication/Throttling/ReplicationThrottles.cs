using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Quotas;

namespace KRaftSharp.Broker.Replication.Throttling;

/// <summary>Both sides of the replication throttle of one broker.</summary>
internal sealed class ReplicationThrottles(int brokerId, QuotaWindows windows)
{
    public ReplicationThrottle Leader { get; } = new("leader", brokerId, windows);

    public ReplicationThrottle Follower { get; } = new("follower", brokerId, windows);

    public void Update(MetadataDelta delta, MetadataImage image)
    {
        if (delta.ChangedConfigs.Count > 0)
        {
            Leader.Update(delta, image);
            Follower.Update(delta, image);
        }
    }
}
