using System.Collections.Immutable;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>
/// The next step of a member to its target: first give up, then take what others have given up (KIP-1071). A task
/// that only changes its role on the member stays there throughout.
/// </summary>
internal sealed class TaskReconciliation
{
    private readonly StreamsMember _member;
    private readonly TaskAssignment? _owned;
    private readonly TaskAssignment _target;
    private readonly int _targetEpoch;
    private readonly Role _active;
    private readonly Role _standby;
    private readonly Role _warmup;

    private TaskReconciliation(
        StreamsMember member, TaskAssignment? owned, TaskAssignment target, int targetEpoch, TaskHolders holders)
    {
        (_member, _owned, _target, _targetEpoch) = (member, owned, target, targetEpoch);
        HeldTasks held = member.Assigned;
        string process = member.ProcessId;
        _active = new Role([.. held.Active.Keys], target.Active, task => holders.ActiveProcess(task) is not null
            || (holders.HasStandby(task, process) && !held.Standby.Contains(task))
            || (holders.HasWarmup(task, process) && !held.Warmup.Contains(task)));
        _standby = new Role(held.Standby, target.Standby, task =>
            (holders.ActiveProcess(task) == process && !held.Active.ContainsKey(task))
            || holders.HasStandby(task, process)
            || (holders.HasWarmup(task, process) && !held.Warmup.Contains(task)));
        _warmup = new Role(held.Warmup, target.Warmup, task => holders.ActiveProcess(task) == process
            || (holders.HasStandby(task, process) && !held.Standby.Contains(task))
            || holders.HasWarmup(task, process));
    }

    /// <param name="owned">What the member says it has; null when it did not say.</param>
    /// <param name="target">Of <paramref name="targetEpoch"/>.</param>
    /// <param name="holders">Of all members, this one among them.</param>
    /// <returns>The member itself when there is nothing to do (yet); null when its state is not known here, and it must
    /// give up everything and join again.</returns>
    public static StreamsMember? Next(
        StreamsMember member, TaskAssignment? owned, TaskAssignment target, int targetEpoch, TaskHolders holders)
    {
        if (member.IsReconciledTo(targetEpoch))
        {
            return member;
        }

        TaskReconciliation step = new(member, owned, target, targetEpoch, holders);
        return member.State switch
        {
            StreamsMemberState.Stable or StreamsMemberState.UnreleasedTasks => step.From(member.Epoch),
            StreamsMemberState.UnrevokedTasks when step.StillHas(member.PendingRevocation) => member,
            StreamsMemberState.UnrevokedTasks => step.From(member.Epoch + 1),
            _ => owned is not null && owned.Equals(TaskAssignment.Empty) ? step.From(targetEpoch) : null,
        };
    }

    private StreamsMember From(int epoch)
    {
        HeldTasks held = _member.Assigned;
        foreach (TaskId task in held.Active.Keys)
        {
            _standby.GrantNow(task);
        }

        Convert(held.Standby, _standby, _warmup);
        Convert(held.Warmup, _warmup, _standby);
        _standby.Revoked.ExceptWith(held.Standby.Intersect(_target.Active));
        _warmup.Revoked.ExceptWith(held.Warmup.Intersect(_target.Active));

        HeldTasks revoked = Revoked();
        bool mustRevoke = !revoked.IsEmpty && StillHas(revoked);
        KeepUntilPromoted(held.Standby, _standby, mustRevoke);
        KeepUntilPromoted(held.Warmup, _warmup, mustRevoke);
        if (mustRevoke)
        {
            return Step(StreamsMemberState.UnrevokedTasks, epoch, Kept(withGranted: false), revoked);
        }

        bool waits = _active.Waits || _standby.Waits || _warmup.Waits;
        return Step(
            waits ? StreamsMemberState.UnreleasedTasks : StreamsMemberState.Stable, _targetEpoch,
            Kept(withGranted: true), HeldTasks.Empty);
    }

    private StreamsMember Step(StreamsMemberState state, int epoch, HeldTasks assigned, HeldTasks revoked) =>
        _member with
        {
            State = state,
            PreviousEpoch = _member.Epoch,
            Epoch = epoch,
            Assigned = assigned,
            PendingRevocation = revoked,
        };

    /// <summary>A standby becomes a warm-up task, or the other way, without being given up in between.</summary>
    private static void Convert(ImmutableSortedSet<TaskId> held, Role from, Role to)
    {
        foreach (TaskId task in held)
        {
            if (to.GrantNow(task))
            {
                from.Revoked.Remove(task);
            }
        }
    }

    /// <summary>A copy that is to become active stays one until the active task is free.</summary>
    private void KeepUntilPromoted(ImmutableSortedSet<TaskId> held, Role role, bool mustRevoke) =>
        role.Kept.UnionWith(held.Intersect(_target.Active)
            .Where(task => mustRevoke || !_active.Granted.Contains(task)));

    private bool StillHas(HeldTasks revoked) => _owned is null || _owned.HasAnyOf(revoked);

    private HeldTasks Revoked() => new(
        _member.Assigned.Active.RemoveRange(
            _member.Assigned.Active.Keys.Where(task => !_active.Revoked.Contains(task))),
        [.. _standby.Revoked], [.. _warmup.Revoked]);

    private HeldTasks Kept(bool withGranted)
    {
        ImmutableSortedDictionary<TaskId, int>.Builder active =
            ImmutableSortedDictionary.CreateBuilder<TaskId, int>();
        active.AddRange(_member.Assigned.Active.Where(task => _active.Kept.Contains(task.Key)));
        if (!withGranted)
        {
            return new HeldTasks(active.ToImmutable(), [.. _standby.Kept], [.. _warmup.Kept]);
        }

        active.AddRange(_active.Granted.Select(task => KeyValuePair.Create(task, _targetEpoch)));
        return new HeldTasks(
            active.ToImmutable(), [.. _standby.Kept.Union(_standby.Granted)],
            [.. _warmup.Kept.Union(_warmup.Granted)]);
    }

    /// <summary>What changes among the tasks of one role.</summary>
    private sealed class Role
    {
        public Role(ImmutableSortedSet<TaskId> held, ImmutableSortedSet<TaskId> target, Func<TaskId, bool> isTaken)
        {
            Kept = [.. held.Intersect(target)];
            Revoked = [.. held.Except(target)];
            Granted = [.. target.Except(held)];
            Waits = Granted.RemoveWhere(task => isTaken(task)) > 0;
        }

        public SortedSet<TaskId> Kept { get; }

        public SortedSet<TaskId> Revoked { get; }

        /// <summary>What the member may have as soon as it has given up what it must.</summary>
        public SortedSet<TaskId> Granted { get; }

        /// <summary>Whether others still have some of the target.</summary>
        public bool Waits { get; }

        public bool GrantNow(TaskId task) => Granted.Remove(task) && Kept.Add(task);
    }
}
