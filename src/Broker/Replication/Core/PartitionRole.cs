namespace KRaftSharp.Broker.Replication.Core;

/// <summary>What the local replica is for its partition.</summary>
public enum PartitionRole
{
    /// <summary>Neither: no metadata yet, deleted, or the partition has no leader that could be followed.</summary>
    None,
    Leader,
    Follower,
}
