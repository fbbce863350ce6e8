using KRaftSharp.Tests.Property.Simulation.History;

namespace KRaftSharp.Tests.Property.Simulation.SelfTests;

/// <summary>Each anomaly of the history checker, made by hand; and a clean history that it lets pass.</summary>
public sealed class HistoryCheckerTests
{
    private static readonly TopicPartitionName Partition = new("t", 0);
    private readonly ClientHistory _history = new();
    private readonly SortedDictionary<long, string> _log = [];

    [Fact]
    public void CleanHistory_HasNoViolations()
    {
        Produce(0, acknowledged: 0);
        Produce(1, acknowledged: null);
        Produce(2, acknowledged: 1);
        Log("c1-0", "c1-2", "c1-1");
        _history.Produced[1] = new ProducedRecord(1, 1, Partition, -1, idempotent: false);
        Read(1, 0, "c1-0");
        Read(1, 1, "c1-2");
        Read(2, 1, "c1-2");

        Assert.Empty(Check());
    }

    [Theory]
    [InlineData]
    [InlineData("c1-1")]
    public void LostWrite_IsFound(params string[] log)
    {
        Produce(0, acknowledged: 0);
        Produce(1, acknowledged: null);
        Log(log);

        Assert.StartsWith("lost write", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void Duplicate_IsFound()
    {
        Produce(0, acknowledged: 0);
        Log("c1-0", "c1-0");

        Assert.StartsWith("duplicate", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void DirtyRead_IsFound()
    {
        Produce(0, acknowledged: 0);
        Log("c1-0");
        Read(1, 1, "c1-7");

        Assert.StartsWith("dirty read", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void PollSkip_IsFound()
    {
        Produce(0, acknowledged: 0);
        Produce(1, acknowledged: 1);
        Produce(2, acknowledged: 2);
        Log("c1-0", "c1-1", "c1-2");
        Read(1, 0, "c1-0");
        Read(1, 2, "c1-2");

        Assert.StartsWith("poll skip", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void NonMonotonicPoll_IsFound()
    {
        Produce(0, acknowledged: 0);
        Log("c1-0");
        Read(1, 0, "c1-0");
        Read(1, 0, "c1-0");

        Assert.StartsWith("non-monotonic poll", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void NonMonotonicSend_IsFound()
    {
        Produce(0, acknowledged: 1);
        Produce(1, acknowledged: 0);
        Log("c1-1", "c1-0");

        Assert.StartsWith("non-monotonic send", Assert.Single(Check()), StringComparison.Ordinal);
    }

    [Fact]
    public void Phantom_IsFound()
    {
        Log("c9-9");

        Assert.StartsWith("phantom", Assert.Single(Check()), StringComparison.Ordinal);
    }

    private IEnumerable<string> Check() => new HistoryChecker(
        _history,
        new Dictionary<TopicPartitionName, SortedDictionary<long, string>> { [Partition] = _log }).Check();

    private void Produce(int number, long? acknowledged) => _history.Produced.Add(
        new ProducedRecord(1, number, Partition, -1, idempotent: true)
        {
            IsAcknowledged = acknowledged is not null,
            AcknowledgedOffset = acknowledged,
        });

    private void Log(params string[] values)
    {
        foreach (string value in values)
        {
            _log.Add(_log.Count, value);
        }
    }

    private void Read(int reader, long offset, string value) =>
        _history.Reads.Add(new ReadRecord(reader, Partition, offset, value));
}
