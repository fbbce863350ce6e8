using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Simulation.Checkers;

/// <summary>
/// "Last stable offset &lt;= high watermark, monotonic, and stops at the first open transaction", for one replica in
/// one life of its node, from the batches in its log alone.
/// </summary>
internal sealed class StableOffsetChecker(string name, int life, Violations violations)
{
    private readonly List<(long Offset, long ProducerId, bool IsEnd)> _entries = [];
    private readonly Dictionary<long, long> _open = [];
    private readonly List<(long First, long Marker)> _ended = [];
    private long? _loadedTo;
    private long _lastStable;
    private int _leaderEpoch = -1;

    public int Life => life;

    public void Append(RecordBatchView batch)
    {
        if (batch.IsTransactional)
        {
            _entries.Add((batch.BaseOffset, batch.ProducerId, batch.IsControl));
            Take(_entries[^1]);
        }
    }

    /// <param name="leaderEpoch">-1 on a follower.</param>
    public void Check(long logEnd, long highWatermark, long lastStable, int leaderEpoch)
    {
        if (_entries.Count > 0 && _entries[^1].Offset >= logEnd)
        {
            Truncate(logEnd);
        }

        _ended.RemoveAll(ended => ended.Marker < highWatermark);
        long expected = highWatermark;
        foreach (long first in _open.Values)
        {
            expected = Math.Min(expected, first);
        }

        // A snapshot of producers holds open transactions only, Kafka's too: after a clean start a transaction whose
        // marker is not yet below the high watermark counts as ended, as was decided.
        _loadedTo ??= logEnd;
        long most = expected;
        foreach ((long first, long marker) in _ended)
        {
            expected = Math.Min(expected, first);
            most = marker >= _loadedTo ? Math.Min(most, first) : most;
        }

        violations.Require(
            lastStable >= expected && lastStable <= most,
            "the last stable offset stops at the first open transaction",
            () => $"{name}: {lastStable}, not {expected}; high watermark {highWatermark}, log end {logEnd}");
        violations.Require(
            leaderEpoch < 0 || leaderEpoch != _leaderEpoch || lastStable >= _lastStable,
            "the last stable offset never decreases in a leader's term",
            () => $"{name}: {lastStable} after {_lastStable}");
        (_lastStable, _leaderEpoch) = (lastStable, leaderEpoch);
    }

    private void Take((long Offset, long ProducerId, bool IsEnd) entry)
    {
        if (!entry.IsEnd)
        {
            _open.TryAdd(entry.ProducerId, entry.Offset);
        }
        else if (_open.Remove(entry.ProducerId, out long first))
        {
            _ended.Add((first, entry.Offset));
        }
    }

    private void Truncate(long logEnd)
    {
        _entries.RemoveAll(entry => entry.Offset >= logEnd);
        _open.Clear();
        _ended.Clear();
        _entries.ForEach(Take);
    }
}
