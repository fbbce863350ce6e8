using KRaftSharp.Broker.Coordination;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Classic;

/// <summary>Rebalances of the classic protocol: when they begin, when they are through, and who falls out.</summary>
internal sealed class ClassicRebalances(GroupServices services, ShardTimers timers)
{
    /// <summary>How long a new member's connection may be silent while its first join waits.</summary>
    private const int NewMemberJoinTimeoutMs = 5 * 60 * 1000;

    /// <summary>Begins a rebalance, or ends the one under way if that is now possible.</summary>
    public Decision Begin(ClassicGroup group) =>
        group.State is ClassicState.PreparingRebalance or ClassicState.Dead ? TryComplete(group) : Prepare(group);

    /// <summary>Somebody has joined or gone while a rebalance is under way. The first one of a group waits for its
    /// initial delay.</summary>
    public Decision TryComplete(ClassicGroup group) =>
        group.State == ClassicState.PreparingRebalance && group.HaveAllJoined
            && group.PreviousState != ClassicState.Empty
            ? CompleteJoin(group)
            : Decision.Nothing;

    public void AddMember(ClassicGroup group, ClassicMember member, Reply<JoinGroupResponse> reply)
    {
        member.IsNew = true;
        member.Join = reply;
        if (group is { State: ClassicState.PreparingRebalance, PreviousState: ClassicState.Empty })
        {
            group.HasNewMembers = true;
        }

        group.Add(member);
        Expect(group, member.Id, NewMemberJoinTimeoutMs);
    }

    /// <summary>A member has been heard of.</summary>
    public void Heard(ClassicGroup group, ClassicMember member) => Expect(group, member.Id, member.SessionTimeoutMs);

    /// <summary>The member is gone unless it is heard of within <paramref name="timeoutMs"/>.</summary>
    public void Expect(ClassicGroup group, string memberId, int timeoutMs) =>
        timers.Set(SessionKey(group.Id, memberId), timeoutMs, () => Expire(group, memberId));

    /// <summary>Takes a member out; what it waits for is answered with an error.</summary>
    public void Remove(ClassicGroup group, ClassicMember member, ErrorCode told = ErrorCode.UnknownMemberId)
    {
        timers.Cancel(SessionKey(group.Id, member.Id));
        AnswerJoin(member, ClassicAnswers.JoinError(told, member.Id));
        AnswerSync(member, ClassicAnswers.SyncError(told));
        group.Remove(member.Id);
    }

    public void StopExpecting(ClassicGroup group, string memberId) =>
        timers.Cancel(SessionKey(group.Id, memberId));

    public static void AnswerJoin(ClassicMember member, JoinGroupResponse response)
    {
        Reply<JoinGroupResponse>? reply = member.Join;
        member.Join = null;
        reply?.Set(response);
    }

    public static void AnswerSync(ClassicMember member, SyncGroupResponse response)
    {
        Reply<SyncGroupResponse>? reply = member.Sync;
        member.Sync = null;
        reply?.Set(response);
    }

    /// <summary>Members have gone.</summary>
    public Decision AfterRemoval(ClassicGroup group) => group.State switch
    {
        ClassicState.Stable or ClassicState.CompletingRebalance => Prepare(group),
        ClassicState.PreparingRebalance => TryComplete(group),
        _ => Decision.Nothing,
    };

    public Decision Prepare(ClassicGroup group)
    {
        if (group.State == ClassicState.CompletingRebalance)
        {
            ForgetAssignments(group, ErrorCode.RebalanceInProgress);
        }

        timers.Cancel(SyncKey(group.Id));
        bool isFirst = group.IsEmpty;
        group.Become(ClassicState.PreparingRebalance, services.WallClockMs);
        if (!isFirst)
        {
            return CompleteOrWait(group);
        }

        int delay = services.Settings.InitialRebalanceDelayMs;
        group.HasNewMembers = false;
        WaitForMore(group, delay, Math.Max(group.RebalanceTimeoutMs - delay, 0));
        return Decision.Nothing;
    }

    /// <summary>The leader's assignments could not be written, or come too late.</summary>
    public static void ForgetAssignments(ClassicGroup group, ErrorCode told)
    {
        foreach (ClassicMember member in group.Members)
        {
            member.Assignment = default;
            AnswerSync(member, ClassicAnswers.SyncError(told));
        }
    }

    /// <summary>The leader's assignments are committed.</summary>
    public void Assigned(
        ClassicGroup group, int generation, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> assignments)
    {
        if (group.State != ClassicState.CompletingRebalance || group.Generation != generation)
        {
            return;
        }

        group.Become(ClassicState.Stable, services.WallClockMs);
        foreach (ClassicMember member in group.Members)
        {
            member.Assignment = assignments.GetValueOrDefault(member.Id);
            if (member.Sync is not null)
            {
                Heard(group, member);
                AnswerSync(member, ClassicAnswers.Synced(group, member));
            }
        }
    }

    /// <summary>They could not be written: the group tries again.</summary>
    public void AssignmentFailed(ClassicGroup group, int generation, ErrorCode told)
    {
        if (group.State == ClassicState.CompletingRebalance && group.Generation == generation)
        {
            ForgetAssignments(group, told);
            timers.Set(RetryKey(group.Id), 0, () =>
                group.State == ClassicState.CompletingRebalance && group.Generation == generation
                    ? Prepare(group)
                    : Decision.Nothing);
        }
    }

    /// <summary>A member has synced; the rest has until the rebalance timeout.</summary>
    public void Synced(ClassicGroup group, ClassicMember member)
    {
        group.RemovePendingSync(member.Id);
        if (group.HaveAllSynced)
        {
            timers.Cancel(SyncKey(group.Id));
        }
    }

    /// <summary>A loaded group's members have a session timeout to be heard of.</summary>
    public void Resume(ClassicGroup group)
    {
        foreach (ClassicMember member in group.Members)
        {
            Heard(group, member);
        }

        if (group.Count > services.Settings.MaxSize)
        {
            // The limit was lowered: members get a chance to commit before some of them are left out.
            timers.Set(RetryKey(group.Id), 0, () =>
                group.State == ClassicState.Stable ? Prepare(group) : Decision.Nothing);
        }
    }

    private static string SessionKey(string groupId, string memberId) => $"session {groupId} {memberId}";

    private static string JoinKey(string groupId) => $"join {groupId}";

    private static string RetryKey(string groupId) => $"retry {groupId}";

    private static string SyncKey(string groupId) => $"sync {groupId}";

    private void WaitForMore(ClassicGroup group, int delayMs, int remainingMs) =>
        timers.Set(JoinKey(group.Id), delayMs, () =>
        {
            if (!group.HasNewMembers || remainingMs == 0)
            {
                return CompleteJoin(group);
            }

            group.HasNewMembers = false;
            int next = Math.Min(services.Settings.InitialRebalanceDelayMs, remainingMs);
            WaitForMore(group, next, Math.Max(remainingMs - delayMs, 0));
            return Decision.Nothing;
        });

    private Decision CompleteOrWait(ClassicGroup group)
    {
        if (group.HaveAllJoined)
        {
            return CompleteJoin(group);
        }

        timers.Set(JoinKey(group.Id), group.RebalanceTimeoutMs, () => CompleteJoin(group));
        return Decision.Nothing;
    }

    /// <summary>The next generation, of those who have joined and of static members that may yet come.</summary>
    private Decision CompleteJoin(ClassicGroup group)
    {
        timers.Cancel(JoinKey(group.Id));
        if (group.State != ClassicState.PreparingRebalance)
        {
            return Decision.Nothing;
        }

        foreach (ClassicMember absent in
            group.Members.Where(member => !member.IsAwaitingJoin && member.InstanceId is null).ToArray())
        {
            Remove(group, absent);
        }

        if (group.Count > 0 && !group.TryElectJoinedLeader())
        {
            timers.Set(JoinKey(group.Id), group.RebalanceTimeoutMs, () => CompleteJoin(group));
            return Decision.Nothing;
        }

        group.NextGeneration(services.WallClockMs);
        if (group.IsEmpty)
        {
            return new Decision([group.Record()]) { IsReplayed = false };
        }

        foreach (ClassicMember member in group.Members)
        {
            AnswerJoin(member, ClassicAnswers.Joined(group, member));
            member.IsNew = false;
            Heard(group, member);
            group.AddPendingSync(member.Id);
        }

        int generation = group.Generation;
        timers.Set(SyncKey(group.Id), group.RebalanceTimeoutMs, () => ExpireSync(group, generation));
        return Decision.Nothing;
    }

    private Decision ExpireSync(ClassicGroup group, int generation)
    {
        if (group.Generation != generation || group.HaveAllSynced
            || group.State is not (ClassicState.CompletingRebalance or ClassicState.Stable))
        {
            return Decision.Nothing;
        }

        foreach (string memberId in group.PendingSync.ToArray())
        {
            if (group.Member(memberId) is { } member)
            {
                Remove(group, member);
            }
        }

        return Prepare(group);
    }

    private Decision Expire(ClassicGroup group, string memberId)
    {
        if (group.State == ClassicState.Dead)
        {
            return Decision.Nothing;
        }

        if (group.RemovePending(memberId))
        {
            return TryComplete(group);
        }

        if (group.Member(memberId) is not { } member
            || (!member.IsNew && (member.IsAwaitingJoin || member.Sync is not null)))
        {
            return Decision.Nothing;
        }

        Remove(group, member);
        return AfterRemoval(group);
    }
}
