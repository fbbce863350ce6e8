using System.Collections.Immutable;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>Tasks as records write them: by subtopology, both in order.</summary>
internal static class TaskRecords
{
    public static List<StreamsGroupTargetAssignmentMemberValue.TaskIds> ToTarget(ImmutableSortedSet<TaskId> tasks) =>
        [.. tasks.GroupBy(task => task.Subtopology).Select(
            group => new StreamsGroupTargetAssignmentMemberValue.TaskIds
            {
                SubtopologyId = group.Key,
                Partitions = [.. group.Select(task => task.Partition)],
            })];

    public static ImmutableSortedSet<TaskId> FromTarget(List<StreamsGroupTargetAssignmentMemberValue.TaskIds> tasks) =>
        [.. tasks.SelectMany(group => group.Partitions.Select(
            partition => new TaskId(group.SubtopologyId, partition)))];

    public static List<StreamsGroupCurrentMemberAssignmentValue.TaskIds> ToCurrent(ImmutableSortedSet<TaskId> tasks) =>
        [.. tasks.GroupBy(task => task.Subtopology).Select(
            group => new StreamsGroupCurrentMemberAssignmentValue.TaskIds
            {
                SubtopologyId = group.Key,
                Partitions = [.. group.Select(task => task.Partition)],
            })];

    public static List<StreamsGroupCurrentMemberAssignmentValue.TaskIds> ToCurrent(
        ImmutableSortedDictionary<TaskId, int> tasks) =>
        [.. tasks.GroupBy(task => task.Key.Subtopology).Select(
            group => new StreamsGroupCurrentMemberAssignmentValue.TaskIds
            {
                SubtopologyId = group.Key,
                Partitions = [.. group.Select(task => task.Key.Partition)],
                AssignmentEpochs = [.. group.Select(task => task.Value)],
            })];

    public static ImmutableSortedSet<TaskId> FromCurrent(
        List<StreamsGroupCurrentMemberAssignmentValue.TaskIds> tasks) =>
        [.. tasks.SelectMany(group => group.Partitions.Select(
            partition => new TaskId(group.SubtopologyId, partition)))];

    /// <param name="memberEpoch">Of tasks whose record tells no epoch.</param>
    public static ImmutableSortedDictionary<TaskId, int> FromCurrent(
        List<StreamsGroupCurrentMemberAssignmentValue.TaskIds> tasks, int memberEpoch)
    {
        ImmutableSortedDictionary<TaskId, int>.Builder read = ImmutableSortedDictionary.CreateBuilder<TaskId, int>();
        foreach (StreamsGroupCurrentMemberAssignmentValue.TaskIds group in tasks)
        {
            bool hasEpochs = group.AssignmentEpochs?.Count == group.Partitions.Count;
            for (int i = 0; i < group.Partitions.Count; i++)
            {
                read[new TaskId(group.SubtopologyId, group.Partitions[i])] =
                    hasEpochs ? group.AssignmentEpochs![i] : memberEpoch;
            }
        }

        return read.ToImmutable();
    }
}
