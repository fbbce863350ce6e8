using System.Collections.Immutable;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>The tasks that a member has, or has yet to give up.</summary>
/// <param name="Active">With the epoch of the target by which each was assigned: what a commit is checked by.</param>
internal sealed record HeldTasks(
    ImmutableSortedDictionary<TaskId, int> Active, ImmutableSortedSet<TaskId> Standby,
    ImmutableSortedSet<TaskId> Warmup)
{
    public static HeldTasks Empty { get; } = new(ImmutableSortedDictionary<TaskId, int>.Empty, [], []);

    public bool IsEmpty => Active.IsEmpty && Standby.IsEmpty && Warmup.IsEmpty;

    public bool Equals(HeldTasks? other) => other is not null && Active.Count == other.Active.Count
        && Active.SequenceEqual(other.Active) && Standby.SetEquals(other.Standby) && Warmup.SetEquals(other.Warmup);

    public override int GetHashCode() => HashCode.Combine(Active.Count, Standby.Count, Warmup.Count);

    /// <summary>These, as if they had been assigned before the first epoch: those of a static member that is away.
    /// </summary>
    public HeldTasks WithoutEpochs() =>
        this with { Active = Active.ToImmutableSortedDictionary(task => task.Key, _ => 0) };
}
