using System.Collections.Immutable;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>The tasks that a member is to have, or says that it has.</summary>
internal sealed record TaskAssignment(
    ImmutableSortedSet<TaskId> Active, ImmutableSortedSet<TaskId> Standby, ImmutableSortedSet<TaskId> Warmup)
{
    public static TaskAssignment Empty { get; } = new([], [], []);

    public bool Equals(TaskAssignment? other) => other is not null && Active.SetEquals(other.Active)
        && Standby.SetEquals(other.Standby) && Warmup.SetEquals(other.Warmup);

    public override int GetHashCode() => HashCode.Combine(Active.Count, Standby.Count, Warmup.Count);

    /// <summary>Whether one of these tasks is among those that are held, in the same role.</summary>
    public bool HasAnyOf(HeldTasks held) => Active.Any(held.Active.ContainsKey)
        || Standby.Overlaps(held.Standby) || Warmup.Overlaps(held.Warmup);

    /// <summary>Whether all of these are held, in the same roles.</summary>
    public bool IsPartOf(HeldTasks held) => Active.All(held.Active.ContainsKey)
        && Standby.IsSubsetOf(held.Standby) && Warmup.IsSubsetOf(held.Warmup);
}
