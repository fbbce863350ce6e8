namespace KRaftSharp.History.Checks;

/// <summary>What consumers were given.</summary>
internal static class ReadChecks
{
    public static IEnumerable<Anomaly> InconsistentOffsets(Facts facts)
    {
        foreach (PartitionFacts partition in facts.Partitions)
        {
            var read = from reading in partition.Readings
                       from record in reading.Records
                       select (record.Offset, record.Value);
            var acknowledged = from sent in partition.AllSent
                               where sent is { IsDurable: true, Outcome: Outcome.Succeeded, Offset: not null }
                               select (sent.Offset!.Value, sent.Value);
            foreach (var offset in read.Concat(acknowledged).Distinct().GroupBy(entry => entry.Item1))
            {
                string[] values = [.. offset.Select(entry => entry.Item2)];
                if (values.Length > 1)
                {
                    yield return new Anomaly(
                        AnomalyKind.InconsistentOffsets,
                        $"{partition.Id} offset {offset.Key} is {string.Join(" and ", values)}");
                }
            }
        }
    }

    public static IEnumerable<Anomaly> Phantoms(Facts facts) =>
        from partition in facts.Partitions
        from reading in partition.Readings
        from record in reading.Records
        where partition.Sent(record.Value) is null or { Outcome: Outcome.Failed }
        select new Anomaly(
            AnomalyKind.Phantom,
            $"{reading} was given {record.Value} at {record.Offset}, which was "
            + (partition.Sent(record.Value) is null ? "never sent there" : "refused"));

    /// <summary>Records that a read_committed consumer was given though their transaction was not committed.</summary>
    public static IEnumerable<Anomaly> UncommittedReads(Facts facts)
    {
        foreach (PartitionFacts partition in facts.Partitions)
        {
            foreach (Reading reading in partition.Readings.Where(found => found.Isolation == Isolation.ReadCommitted))
            {
                foreach (ReadRecord record in reading.Records)
                {
                    if (partition.Sent(record.Value) is not { Transaction: { } transaction })
                    {
                        continue;
                    }

                    if (transaction.Outcome == Outcome.Failed || !transaction.IsCommitAsked)
                    {
                        yield return new Anomaly(
                            AnomalyKind.AbortedRead,
                            $"{reading} was given {record.Value} at {record.Offset}; {transaction} was not committed");
                    }
                    else if (transaction.CommitAskedAt > record.At)
                    {
                        yield return new Anomaly(
                            AnomalyKind.DirtyRead,
                            $"{reading} was given {record.Value} at {record.Offset} before {transaction} asked to "
                            + "commit");
                    }
                }
            }
        }
    }

    /// <summary>Records that were given to somebody and are not there in the end.</summary>
    public static IEnumerable<Anomaly> UndoneReads(Facts facts) =>
        from partition in facts.Partitions
        from reading in partition.Readings
        where !reading.IsFinal
        from record in reading.Records
        where partition.FinalsFrom(record.Offset).Any(final => CanTell(final, reading)
                && partition.At(final, record.Offset) != record.Value)
            && !partition.MayBeCompacted(record.Value, record.Offset)
        select new Anomaly(
            AnomalyKind.DirtyRead,
            $"{reading} was given {record.Value} at {record.Offset}, which is not there in the end");

    public static IEnumerable<Anomaly> NonMonotonicPolls(Facts facts)
    {
        foreach (Reading reading in facts.History.Readings)
        {
            long last = reading.From - 1;
            foreach (ReadRecord record in reading.Records)
            {
                if (record.Offset <= last)
                {
                    yield return new Anomaly(
                        AnomalyKind.NonMonotonicPoll, $"{reading} was given offset {record.Offset} after {last}");
                }

                last = Math.Max(last, record.Offset);
            }
        }
    }

    public static IEnumerable<Anomaly> PollSkips(Facts facts)
    {
        foreach (PartitionFacts partition in facts.Partitions)
        {
            (long Offset, string Value, Reading Seen)[] all =
            [
                .. (from reading in partition.Readings
                    from record in reading.Records
                    where IsReference(partition, reading, record.Offset)
                    select (record.Offset, record.Value, reading))
                    .DistinctBy(entry => (entry.Offset, entry.Value, entry.reading.Isolation, entry.reading.IsFinal))
                    .OrderBy(entry => entry.Offset),
            ];
            foreach (Reading reading in partition.Readings.Where(found => !found.IsFinal))
            {
                foreach ((long offset, string value, Reading seen) in Between(all, reading.From, reading.To))
                {
                    if (partition.At(reading, offset) is null
                        && MustSee(partition, reading, seen, value) && !partition.MayBeCompacted(value, offset))
                    {
                        yield return new Anomaly(
                            AnomalyKind.PollSkip,
                            $"{reading} went to {reading.To} over {value} at {offset}, which {seen} was given");
                    }
                }
            }
        }
    }

    /// <summary>Where there is a final reading, it alone says what there was to see.</summary>
    private static bool IsReference(PartitionFacts partition, Reading seen, long offset) =>
        seen.IsFinal || !partition.FinalsFrom(offset).Any();

    private static bool MustSee(PartitionFacts partition, Reading reading, Reading seen, string value) =>
        reading.Isolation == Isolation.ReadUncommitted
        || seen.Isolation == Isolation.ReadCommitted
        || partition.Sent(value) is { Transaction: null or { Outcome: Outcome.Succeeded } };

    /// <summary>A read_committed reading says nothing of what others may see besides.</summary>
    private static bool CanTell(Reading final, Reading of) =>
        final.Isolation == Isolation.ReadUncommitted || of.Isolation == Isolation.ReadCommitted;

    private static IEnumerable<(long Offset, string Value, Reading Seen)> Between(
        (long Offset, string Value, Reading Seen)[] sorted, long from, long to)
    {
        int low = 0;
        int high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle].Offset < from ? (middle + 1, high) : (low, middle);
        }

        for (int i = low; i < sorted.Length && sorted[i].Offset < to; i++)
        {
            yield return sorted[i];
        }
    }
}
