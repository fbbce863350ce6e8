namespace KRaftSharp.History.Checks;

/// <summary>What became of the records that were sent.</summary>
internal static class WriteChecks
{
    public static IEnumerable<Anomaly> LostWrites(Facts facts) =>
        from sent in facts.History.Sent
        where sent is { IsDurable: true, Outcome: Outcome.Succeeded }
            && sent.Transaction is null or { Outcome: Outcome.Succeeded }
        let missing = WhereMissing(facts.Of(sent.Partition), sent)
        where missing is not null
        select new Anomaly(
            AnomalyKind.LostWrite, $"{sent} was acknowledged at offset {sent.Offset?.ToString() ?? "?"}; {missing}");

    public static IEnumerable<Anomaly> Duplicates(Facts facts) =>
        from sent in facts.History.Sent
        where sent.IsIdempotent
        let offsets = facts.Of(sent.Partition).OffsetsOf(sent.Value)
        where offsets.Count > 1
        select new Anomaly(AnomalyKind.Duplicate, $"{sent} is at offsets {string.Join(", ", offsets)}");

    public static IEnumerable<Anomaly> NonMonotonicSends(Facts facts)
    {
        foreach (var stream in facts.History.Sent.Where(sent => sent.IsIdempotent)
            .GroupBy(sent => (sent.Producer, sent.Partition)))
        {
            PartitionFacts partition = facts.Of(stream.Key.Partition);
            (long Offset, Sent? Sent) last = (-1, null);
            foreach (Sent sent in stream.OrderBy(sent => sent.At))
            {
                if (partition.OffsetsOf(sent.Value) is not { Count: > 0 } offsets)
                {
                    continue;
                }

                if (offsets.Min < last.Offset)
                {
                    yield return new Anomaly(
                        AnomalyKind.NonMonotonicSend,
                        $"{sent} is at {offsets.Min}, {last.Sent} before it at {last.Offset}");
                }
                else
                {
                    last = (offsets.Min, sent);
                }
            }
        }
    }

    /// <summary>Who shows that the record is not there; null when nobody does.</summary>
    private static string? WhereMissing(PartitionFacts partition, Sent sent)
    {
        if (partition.MayBeCompacted(sent.Value, sent.Offset))
        {
            return null;
        }

        if (sent.Offset is not { } offset)
        {
            return partition.FinalsFrom(0).Any(final => !partition.Holds(final, sent.Value))
                ? "it is nowhere"
                : null;
        }

        Reading[] finals = [.. partition.FinalsFrom(offset)];
        if (finals.Length > 0)
        {
            Reading? without = Array.Find(finals, final => partition.At(final, offset) != sent.Value);
            return without is null ? null : $"there is {partition.At(without, offset) ?? "nothing"}";
        }

        Reading[] passed = [.. partition.Readings.Where(reading => reading.Covers(offset))];
        return passed.Length > 0 && !Array.Exists(passed, reading => partition.At(reading, offset) == sent.Value)
            ? $"{passed[0]} was given {partition.At(passed[0], offset) ?? "nothing"} there"
            : null;
    }
}
