namespace KRaftSharp.Broker.Replication.Fetching;

/// <summary>Who fetches for the partitions that follow. Calls come from partitions' strands.</summary>
internal interface IFollowedPartitions
{
    /// <summary>The partition follows this leader from now on, from its own log end.</summary>
    void Follow(Partition partition, int leaderId, int leaderEpoch);

    /// <summary>The partition leads, has no leader, or is gone.</summary>
    void Unfollow(Partition partition);
}
