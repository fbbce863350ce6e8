using KRaftSharp.History;
using KRaftSharp.Tests.Property.Simulation.Groups;

namespace KRaftSharp.Tests.Property.Simulation.Coordinators;

/// <summary>The members of one group, and whether they are where they have to come.</summary>
internal sealed record ModelGroup(GroupTopic Topic, IReadOnlyList<GroupMember> Members)
{
    /// <summary>Each partition has one owner, and everything is committed.</summary>
    public bool HasConverged(Func<PartitionId, long> ends) =>
        Members.All(member => member.IsMember && member.HasReached(ends))
        && Members.SelectMany(member => member.Owned).Order().SequenceEqual(
            Enumerable.Range(0, Topic.Partitions).Select(index => new PartitionId(Topic.Topic, index)));

    public override string ToString() => string.Join("; ", Members.Select(member => member.State));
}
