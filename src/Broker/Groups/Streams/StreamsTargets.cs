using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>Makes a group's next target assignment, with one member as it is about to be.</summary>
internal static class StreamsTargets
{
    /// <param name="updated">The member that a heartbeat changes; null for none.</param>
    /// <param name="replaced">The static member whose place it takes; null for none.</param>
    /// <param name="records">Get what changes.</param>
    /// <returns>The new target of the updated member.</returns>
    public static TaskAssignment Compute(
        StreamsGroup group, int epoch, StreamsMember? updated, StreamsMember? replaced, ConfiguredTopology topology,
        ImmutableSortedDictionary<string, string> configs, long nowMs, List<CoordinatorRecord> records)
    {
        SortedDictionary<string, StreamsMember> members = new(StringComparer.Ordinal);
        foreach (StreamsMember member in group.Members.Values)
        {
            members[member.Id] = member;
        }

        if (replaced is not null)
        {
            members.Remove(replaced.Id);
        }

        if (updated is not null)
        {
            members[updated.Id] = updated;
        }

        string[] order = [.. HashOrder.Of(members.Keys)];
        IReadOnlyDictionary<string, TaskAssignment> targets = topology is { IsReady: true, Subtopologies: { } parts }
            ? StickyTaskAssignor.Assign(new TaskAssignmentInput(
                [.. order.Select(id => new TaskAssignmentInput.Member(
                    id, members[id].ProcessId, members[id].Assigned, group.Soft.OffsetsOf(id).Positions))],
                parts, StreamsSettings.StandbyReplicasOf(configs)))
            : order.ToDictionary(id => id, _ => TaskAssignment.Empty, StringComparer.Ordinal);
        foreach (string id in order)
        {
            if (!targets[id].Equals(TargetOf(group, id, updated, replaced)))
            {
                records.Add(StreamsRecords.Target(group.Id, id, targets[id]));
            }
        }

        records.Add(StreamsRecords.TargetEpoch(group.Id, epoch, nowMs));
        return updated is null ? TaskAssignment.Empty : targets[updated.Id];
    }

    /// <summary>The target so far; null for a member that never had one.</summary>
    public static TaskAssignment? TargetOf(
        StreamsGroup group, string memberId, StreamsMember? updated, StreamsMember? replaced) =>
        replaced is not null && memberId == updated?.Id
            ? group.Targets.GetValueOrDefault(replaced.Id) ?? TaskAssignment.Empty
            : group.Targets.GetValueOrDefault(memberId);
}
