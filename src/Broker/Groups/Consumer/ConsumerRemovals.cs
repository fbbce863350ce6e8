using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Classic;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>Members that leave or are fenced, and the downgrade to a classic group with the last one of the consumer
/// protocol.</summary>
/// <param name="adopt">Takes a classic group in place of what the records made.</param>
internal sealed class ConsumerRemovals(
    GroupServices services, ConsumerEpochs epochs, ConsumerTimers timers, ClassicRebalances rebalances,
    Action<ClassicGroup> adopt)
{
    /// <param name="committed">What follows.</param>
    public Decision Remove(
        ConsumerGroup group, IReadOnlyCollection<ConsumerMember> leaving, Action? committed = null)
    {
        ConsumerDraft draft = new(group);
        if (leaving.Count == 0)
        {
            return new Decision([]) { Committed = committed };
        }

        if (GroupConversion.MayDowngrade(group, leaving, services.Settings))
        {
            return Downgrade(draft, leaving, needsRebalance: true, committed);
        }

        foreach (ConsumerMember member in leaving)
        {
            draft.Add(ConsumerRecords.MemberTombstones(group.Id, member.Id));
        }

        epochs.Refresh(draft, isChanged: true);
        if (draft.Group.IsEmpty)
        {
            draft.Add(ConsumerRecords.TargetEpoch(group.Id, draft.Group.Epoch, 0));
        }

        return new Decision(draft.Records)
        {
            Appended = () => Cancel(group.Id, leaving),
            Committed = committed,
        };
    }

    /// <summary>All who stay speak the classic protocol.</summary>
    /// <param name="needsRebalance">Whether they are to join anew.</param>
    public Decision Downgrade(
        ConsumerDraft draft, IReadOnlyCollection<ConsumerMember> leaving, bool needsRebalance, Action? committed)
    {
        ConsumerGroup group = draft.Group;
        ClassicGroup classic = GroupConversion.Downgrade(
            group, leaving, needsRebalance, services.Image().Topics, services.WallClockMs);
        return new Decision([.. draft.Records, .. group.Tombstones(), classic.Record()])
        {
            Appended = () =>
            {
                Cancel(group.Id, group.Members.Values);
                adopt(classic);
                rebalances.Resume(classic);
                if (needsRebalance)
                {
                    rebalances.Prepare(classic);
                }
            },
            Committed = committed,
        };
    }

    private void Cancel(string groupId, IEnumerable<ConsumerMember> members)
    {
        foreach (ConsumerMember member in members)
        {
            timers.Cancel(groupId, member.Id);
        }
    }
}
