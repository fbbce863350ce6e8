namespace KRaftSharp.History.Checks;

/// <summary>What is known of one partition.</summary>
internal sealed class PartitionFacts(PartitionId id, bool isCompacted)
{
    private static readonly SortedSet<long> Nowhere = [];
    private readonly List<Reading> _readings = [];
    private readonly List<Reading> _finals = [];
    private readonly Dictionary<Reading, Dictionary<long, string>> _held = [];
    private readonly Dictionary<string, SortedSet<long>> _offsets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Sent> _sent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _readCommitted = new(StringComparer.Ordinal);
    private Dictionary<string, long>? _lastOfKeys;

    public PartitionId Id => id;

    public IReadOnlyList<Reading> Readings => _readings;

    public IReadOnlyCollection<Sent> AllSent => _sent.Values;

    public IEnumerable<Reading> FinalsFrom(long offset) => _finals.Where(reading => reading.From <= offset);

    public Sent? Sent(string value) => _sent.GetValueOrDefault(value);

    /// <summary>Where a value was ever read.</summary>
    public SortedSet<long> OffsetsOf(string value) => _offsets.GetValueOrDefault(value) ?? Nowhere;

    public bool WasReadCommitted(string value) => _readCommitted.Contains(value);

    /// <summary>What a consumer was given at an offset; null for nothing.</summary>
    public string? At(Reading reading, long offset) => _held[reading].GetValueOrDefault(offset);

    public bool Holds(Reading reading, string value) =>
        OffsetsOf(value).Any(offset => At(reading, offset) == value);

    public void Add(Sent sent) => _sent[sent.Value] = sent;

    public void Add(Reading reading)
    {
        _readings.Add(reading);
        if (reading.IsFinal)
        {
            _finals.Add(reading);
        }

        var held = new Dictionary<long, string>();
        foreach (ReadRecord record in reading.Records)
        {
            held.TryAdd(record.Offset, record.Value);
            if (!_offsets.TryGetValue(record.Value, out SortedSet<long>? offsets))
            {
                _offsets.Add(record.Value, offsets = []);
            }

            offsets.Add(record.Offset);
            if (reading.Isolation == Isolation.ReadCommitted)
            {
                _readCommitted.Add(record.Value);
            }
        }

        _held.Add(reading, held);
    }

    /// <summary>Compaction may have taken the record: a later one has its key.</summary>
    public bool MayBeCompacted(string value, long? offset)
    {
        if (!isCompacted || Sent(value) is not { Key: { } key })
        {
            return false;
        }

        _lastOfKeys ??= LastOfKeys();
        return offset is null || _lastOfKeys.GetValueOrDefault(key, -1) > offset;
    }

    private Dictionary<string, long> LastOfKeys()
    {
        var last = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (Sent sent in _sent.Values.Where(sent => sent.Key is not null))
        {
            long offset = Math.Max(OffsetsOf(sent.Value) is { Count: > 0 } read ? read.Max : -1, sent.Offset ?? -1);
            last[sent.Key!] = Math.Max(offset, last.GetValueOrDefault(sent.Key!, -1));
        }

        return last;
    }
}
