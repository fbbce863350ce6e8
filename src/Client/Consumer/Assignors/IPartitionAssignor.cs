namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>How the leader of a classic group gives partitions to members
/// (<c>partition.assignment.strategy</c>).</summary>
/// <remarks>Pure: the same input gives the same assignment, and nothing is remembered. See
/// <see cref="PartitionAssignors"/>
/// for those that exist.</remarks>
public interface IPartitionAssignor
{
    /// <summary>What members call it; all of a group must have one in common.</summary>
    string Name { get; }

    /// <summary>Whether members keep what they own while the group rebalances (KIP-429): a partition that moves is
    /// given
    /// to its new owner one round after the old one gave it up.</summary>
    bool IsCooperative { get; }

    /// <summary>What a member tells the leader beside its topics; null: nothing.</summary>
    /// <param name="owned">What it was assigned last.</param>
    /// <param name="generation">When; -1 never.</param>
    ReadOnlyMemory<byte>? UserData(IReadOnlyCollection<TopicPartition> owned, int generation);

    /// <summary>Gives partitions to members: an entry for each member, each partition to at most one.</summary>
    IReadOnlyDictionary<string, List<TopicPartition>> Assign(AssignorInput input);
}
