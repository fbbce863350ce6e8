namespace KRaftSharp.History;

/// <summary>
/// What clients asked for, and what they were told: recorded while they run, judged afterwards by
/// <see cref="HistoryChecker"/>.
/// </summary>
/// <remarks>
/// Operations may be begun from any thread; each one's own methods are called by one client at a time. The order of
/// calls is the order of events: begin an operation before its request leaves, conclude it after its answer came.
/// </remarks>
public sealed class OperationHistory
{
    private readonly Lock _lock = new();
    private readonly List<Sent> _sent = [];
    private readonly List<SentTransaction> _transactions = [];
    private readonly List<Reading> _readings = [];
    private readonly List<OffsetCommit> _commits = [];
    private readonly List<OffsetFetch> _fetches = [];
    private readonly List<Assignment> _assignments = [];
    private readonly HashSet<string> _compacted = new(StringComparer.Ordinal);
    private long _now;

    public IReadOnlyList<Sent> Sent => _sent;

    public IReadOnlyList<SentTransaction> Transactions => _transactions;

    public IReadOnlyList<Reading> Readings => _readings;

    public IReadOnlyList<OffsetCommit> Commits => _commits;

    public IReadOnlyList<OffsetFetch> Fetches => _fetches;

    public IReadOnlyList<Assignment> Assignments => _assignments;

    /// <summary>Topics with cleanup.policy=compact: a record may go when a later one has its key.</summary>
    public IReadOnlySet<string> Compacted => _compacted;

    /// <summary>The moment: a count of what has happened so far.</summary>
    public long Now => Interlocked.Read(ref _now);

    /// <summary>A record is about to be sent for the first time.</summary>
    public Sent Send(
        string producer, PartitionId partition, string value, Guarantees promised = Guarantees.All,
        SentTransaction? transaction = null, string? key = null) =>
        Add(_sent, new Sent(this, producer, partition, value)
        {
            Key = key,
            Promised = promised,
            Transaction = transaction,
        });

    public SentTransaction Begin(string producer, string id) =>
        Add(_transactions, new SentTransaction(this, producer, id));

    /// <summary>A consumer begins to read at an offset.</summary>
    /// <param name="isFinal">See <see cref="Reading.IsFinal"/>.</param>
    public Reading Read(string reader, PartitionId partition, Isolation isolation, long from, bool isFinal = false) =>
        Add(_readings, new Reading(this, reader, partition, isolation, from, isFinal));

    /// <summary>An offset is about to be committed outside of transactions.</summary>
    public OffsetCommit Commit(string group, PartitionId partition, long offset, bool isReset = false) =>
        Add(_commits, new OffsetCommit(this, group, partition, offset) { IsReset = isReset });

    /// <summary>A group's offset was asked for at <paramref name="askedAt"/> (see <see cref="Now"/>), and told.
    /// </summary>
    public void Fetched(string group, PartitionId partition, long offset, long askedAt, bool isFinal = false) =>
        Add(_fetches, new OffsetFetch(group, partition, offset, askedAt, Tick(), isFinal));

    public void Assigned(string group, int generation, string member, IReadOnlyList<PartitionId> partitions) =>
        Add(_assignments, new Assignment(group, generation, member, partitions));

    public void MarkCompacted(string topic)
    {
        lock (_lock)
        {
            _compacted.Add(topic);
        }
    }

    internal long Tick() => Interlocked.Increment(ref _now);

    private T Add<T>(List<T> list, T item)
    {
        lock (_lock)
        {
            list.Add(item);
        }

        return item;
    }
}
