using KRaftSharp.Broker.Coordination;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>What the members of consumer groups have to do in time, or they are fenced.</summary>
/// <param name="fence">Takes a member out of a group, both by id.</param>
internal sealed class ConsumerTimers(GroupServices services, ShardTimers timers, Func<string, string, Decision> fence)
{
    private const int RetryMs = 500;
    private const string SessionTimeout = "consumer.session.timeout.ms";

    /// <summary>A member has been heard of.</summary>
    public void Heard(string groupId, ConsumerMember member) => Expect(
        SessionKey(groupId, member.Id), groupId, member.Id,
        member.Classic?.SessionTimeoutMs ?? services.Configs.Int(groupId, SessionTimeout));

    /// <summary>A member of the consumer protocol has its rebalance timeout to give partitions up.</summary>
    public void Reconciling(string groupId, ConsumerMember member)
    {
        string key = RebalanceKey(groupId, member.Id);
        if (member is { State: MemberState.UnrevokedPartitions, IsClassic: false })
        {
            Expect(key, groupId, member.Id, member.RebalanceTimeoutMs);
        }
        else
        {
            timers.Cancel(key);
        }
    }

    /// <summary>A member of the classic protocol was told to join again.</summary>
    public void ExpectJoin(string groupId, ConsumerMember member)
    {
        string key = JoinKey(groupId, member.Id);
        if (!timers.IsSet(key))
        {
            Expect(key, groupId, member.Id, member.RebalanceTimeoutMs);
        }
    }

    /// <summary>It has joined and is to ask for its assignment.</summary>
    public void Joined(string groupId, ConsumerMember member)
    {
        timers.Cancel(JoinKey(groupId, member.Id));
        Heard(groupId, member);
        Expect(SyncKey(groupId, member.Id), groupId, member.Id, member.RebalanceTimeoutMs);
    }

    public void Synced(string groupId, ConsumerMember member)
    {
        timers.Cancel(SyncKey(groupId, member.Id));
        Heard(groupId, member);
    }

    public void Cancel(string groupId, string memberId)
    {
        timers.Cancel(SessionKey(groupId, memberId));
        timers.Cancel(RebalanceKey(groupId, memberId));
        timers.Cancel(JoinKey(groupId, memberId));
        timers.Cancel(SyncKey(groupId, memberId));
    }

    private static string SessionKey(string groupId, string memberId) => $"consumer session {groupId} {memberId}";

    private static string RebalanceKey(string groupId, string memberId) => $"consumer rebalance {groupId} {memberId}";

    private static string JoinKey(string groupId, string memberId) => $"consumer join {groupId} {memberId}";

    private static string SyncKey(string groupId, string memberId) => $"consumer sync {groupId} {memberId}";

    private void Expect(string key, string groupId, string memberId, int timeoutMs) =>
        timers.Set(key, timeoutMs, () => fence(groupId, memberId) with
        {
            // Who could not be fenced is to be tried again, unless it has been heard of meanwhile.
            Failed = _ =>
            {
                if (!timers.IsSet(key))
                {
                    Expect(key, groupId, memberId, RetryMs);
                }
            },
        });
}
