namespace KRaftSharp.History.Checks;

/// <summary>Who owned what in a group.</summary>
internal static class OwnershipChecks
{
    public static IEnumerable<Anomaly> TwoOwners(Facts facts)
    {
        var owners = new Dictionary<(string Group, int Generation, PartitionId Partition), string>();
        foreach (Assignment assignment in facts.History.Assignments)
        {
            foreach (PartitionId partition in assignment.Partitions)
            {
                var key = (assignment.Group, assignment.Generation, partition);
                if (!owners.TryAdd(key, assignment.Member) && owners[key] != assignment.Member)
                {
                    yield return new Anomaly(
                        AnomalyKind.TwoOwners,
                        $"{partition} belongs to {owners[key]} and {assignment.Member} in generation "
                        + $"{assignment.Generation} of {assignment.Group}");
                }
            }
        }
    }
}
