namespace KRaftSharp.History;

/// <summary>
/// A consumer's way through one partition without a seek: begin another one with every seek, reset or assignment.
/// </summary>
public sealed class Reading
{
    private readonly OperationHistory _history;
    private readonly List<ReadRecord> _records = [];

    internal Reading(
        OperationHistory history, string reader, PartitionId partition, Isolation isolation, long from, bool isFinal)
    {
        _history = history;
        Reader = reader;
        Partition = partition;
        Isolation = isolation;
        From = To = from;
        IsFinal = isFinal;
    }

    public string Reader { get; }

    public PartitionId Partition { get; }

    public Isolation Isolation { get; }

    /// <summary>Where it began.</summary>
    public long From { get; }

    /// <summary>Its position: everything before has been given to it, or passed over.</summary>
    public long To { get; private set; }

    /// <summary>
    /// Made when all is quiet, from the log's start to its end: what is not in it is not there.
    /// </summary>
    public bool IsFinal { get; }

    public IReadOnlyList<ReadRecord> Records => _records;

    /// <summary>A record was given to the consumer, in the order of calls.</summary>
    public void Take(long offset, string value)
    {
        _records.Add(new ReadRecord(offset, value, _history.Tick()));
        To = Math.Max(To, offset + 1);
    }

    /// <summary>The consumer's position without a record: markers and what was left out lie before it.</summary>
    public void Pass(long position) => To = Math.Max(To, position);

    internal bool Covers(long offset) => offset >= From && offset < To;

    public override string ToString() => $"{Reader} of {Partition} from {From}";
}
