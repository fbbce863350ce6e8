using KRaftSharp.History;
using KRaftSharp.Tests.Property.Simulation.Groups;

namespace KRaftSharp.Tests.Property.Simulation.Coordinators;

/// <summary>Whether a group that has committed everything has also worked on everything, and how often.</summary>
internal static class GroupOutcome
{
    public static IEnumerable<string> Missed(
        OperationHistory history, ModelGroup group, IReadOnlyList<PartitionId> inputs,
        IReadOnlyList<PartitionId> outputs)
    {
        string[] input = [.. ValuesOf(history, inputs)];
        string name = group.Topic.Group;
        Dictionary<string, int> made = ValuesOf(history, outputs)
            .Where(value => value.StartsWith(name + ":", StringComparison.Ordinal))
            .CountBy(ExactlyOnceWork.InputOf).ToDictionary(StringComparer.Ordinal);
        bool isExactlyOnce = history.Transactions.Any(transaction =>
            transaction.Consumed.Any(consumed => consumed.Group == name));
        foreach (string value in input)
        {
            int count = made.GetValueOrDefault(value);
            if (isExactlyOnce && count != 1)
            {
                yield return $"{name} has committed {count} outputs of {value}";
            }
            else if (!isExactlyOnce && !group.Members.Any(member => member.Taken.Contains(value)))
            {
                yield return $"{name} has committed an offset behind {value}, which no member was given";
            }
        }
    }

    private static IEnumerable<string> ValuesOf(OperationHistory history, IReadOnlyList<PartitionId> partitions) =>
        from reading in history.Readings
        where reading is { IsFinal: true, Isolation: Isolation.ReadCommitted } && partitions.Contains(reading.Partition)
        from record in reading.Records
        select record.Value;
}
