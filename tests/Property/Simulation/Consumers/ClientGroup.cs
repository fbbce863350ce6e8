using KRaftSharp.History;
using KRaftSharp.Tests.Property.Simulation.Groups;

namespace KRaftSharp.Tests.Property.Simulation.Consumers;

/// <summary>The members of one group, and whether they are where they have to come.</summary>
internal sealed record ClientGroup(string Name, IReadOnlyList<ClientMember> Members)
{
    /// <summary>Each partition has one owner, and everything is committed.</summary>
    public bool HasConverged(IEnumerable<PartitionId> partitions, Func<PartitionId, long> ends) =>
        Members.All(member => member.HasReached(ends))
        && Members.SelectMany(member => member.Owned).Order().SequenceEqual(partitions);

    public override string ToString() => string.Join("; ", Members.Select(member => member.State));
}
