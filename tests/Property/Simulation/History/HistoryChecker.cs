namespace KRaftSharp.Tests.Property.Simulation.History;

/// <summary>
/// What a client may never see, whatever happened: compares what clients were told with what the logs hold at the end.
/// </summary>
/// <param name="logs">Each partition's records below the high watermark at the end, by offset.</param>
internal sealed class HistoryChecker(
    ClientHistory history,
    IReadOnlyDictionary<TopicPartitionName, SortedDictionary<long, string>> logs)
{
    private static readonly SortedDictionary<long, string> Empty = [];

    public IEnumerable<string> Check() =>
    [
        .. LostWrites(), .. Duplicates(), .. InconsistentReads(), .. SkippedPolls(), .. NonMonotonicSends(),
        .. Phantoms(), .. history.Anomalies,
    ];

    private IEnumerable<string> LostWrites() =>
        from record in history.Produced
        where record is { Acks: -1, IsAcknowledged: true }
        let found = record.AcknowledgedOffset is { } offset
            ? Log(record.Partition).GetValueOrDefault(offset)
            : OffsetsOf(record.Partition).ContainsKey(record.Value) ? record.Value : null
        where found != record.Value
        select $"lost write: {record} was acknowledged at offset {record.AcknowledgedOffset} at "
            + $"{record.AcknowledgedAtMs} ms, there is {found ?? "nothing"}";

    private IEnumerable<string> Duplicates() =>
        from record in history.Produced
        where record.IsIdempotent
        let offsets = OffsetsOf(record.Partition).GetValueOrDefault(record.Value)
        where offsets is { Count: > 1 }
        select $"duplicate: {record} is at offsets {string.Join(", ", offsets)}";

    private IEnumerable<string> InconsistentReads() =>
        from read in history.Reads
        let found = Log(read.Partition).GetValueOrDefault(read.Offset)
        where found != read.Value
        select $"dirty read: reader {read.Reader} saw {read.Value} at {read.Partition} offset {read.Offset}, "
            + $"at the end there is {found ?? "nothing"}";

    private IEnumerable<string> SkippedPolls()
    {
        foreach (var reader in history.Reads.GroupBy(read => (read.Reader, read.Partition)))
        {
            long? last = null;
            foreach (ReadRecord read in reader)
            {
                if (read.Offset <= last)
                {
                    yield return $"non-monotonic poll: {read} after offset {last}";
                }
                else if (last is { } before && read.Offset > before + 1
                    && Log(read.Partition).Keys.Any(offset => offset > before && offset < read.Offset))
                {
                    yield return $"poll skip: {read} right after offset {last}";
                }

                last = read.Offset;
            }
        }
    }

    private IEnumerable<string> NonMonotonicSends()
    {
        foreach (var sender in history.Produced.Where(record => record.IsIdempotent)
            .GroupBy(record => (record.Client, record.Partition)))
        {
            long last = -1;
            foreach (ProducedRecord record in sender.OrderBy(record => record.Number))
            {
                if (OffsetsOf(record.Partition).GetValueOrDefault(record.Value) is [long offset, ..])
                {
                    if (offset < last)
                    {
                        yield return $"non-monotonic send: {record} is at {offset}, an earlier one at {last}";
                    }

                    last = offset;
                }
            }
        }
    }

    private IEnumerable<string> Phantoms()
    {
        var sent = history.Produced.Select(record => (record.Partition, record.Value)).ToHashSet();
        return
            from log in logs
            from entry in log.Value
            where !sent.Contains((log.Key, entry.Value))
            select $"phantom: {log.Key} offset {entry.Key} holds {entry.Value}, which nobody sent there";
    }

    private readonly Dictionary<TopicPartitionName, Dictionary<string, List<long>>> _offsets = [];

    private Dictionary<string, List<long>> OffsetsOf(TopicPartitionName partition)
    {
        if (!_offsets.TryGetValue(partition, out Dictionary<string, List<long>>? offsets))
        {
            offsets = Log(partition).GroupBy(entry => entry.Value)
                .ToDictionary(group => group.Key, group => group.Select(entry => entry.Key).ToList());
            _offsets.Add(partition, offsets);
        }

        return offsets;
    }

    private SortedDictionary<long, string> Log(TopicPartitionName partition) =>
        logs.GetValueOrDefault(partition) ?? Empty;
}
