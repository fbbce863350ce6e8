namespace KRaftSharp.Broker.Replication.Core;

/// <summary>What a leader knows of one other replica. Owned by the partition's strand.</summary>
internal sealed class ReplicaProgress(int id)
{
    private const long Unknown = -1;

    private long _leaderEndAtLastFetch = Unknown;
    private long? _lastFetchMs;
    private long? _lastCaughtUpMs;

    public int Id => id;

    /// <summary>The offset after the last record that the replica is known to hold; -1 when not known.</summary>
    public long LogEndOffset { get; private set; } = Unknown;

    public long LogStartOffset { get; private set; } = Unknown;

    /// <summary>The broker epoch of its last fetch; null before the first one in this term.</summary>
    public long? BrokerEpoch { get; private set; }

    /// <summary>
    /// Starts a leader's term. A member of the ISR counts as caught up until the lag time has passed.
    /// </summary>
    /// <param name="isNewLeader">False when this node led before: what it knows of the replica stays true then.</param>
    public void Reset(long nowMs, long leaderEndOffset, bool isNewLeader, bool isInSync)
    {
        _lastCaughtUpMs = isInSync ? nowMs : null;
        if (isNewLeader)
        {
            LogEndOffset = Unknown;
            LogStartOffset = Unknown;
            BrokerEpoch = null;
            _leaderEndAtLastFetch = Unknown;
            _lastFetchMs = null;
        }
        else
        {
            _leaderEndAtLastFetch = leaderEndOffset;
            _lastFetchMs = isInSync ? nowMs : null;
        }
    }

    /// <summary>Takes in a fetch; false when it comes from an earlier life of that broker.</summary>
    public bool TryUpdate(in FollowerFetch fetch, long leaderEndOffset)
    {
        if (BrokerEpoch is { } known && known > fetch.BrokerEpoch && fetch.BrokerEpoch != -1)
        {
            return false;
        }

        // A replica that keeps asking for what was the end at its previous fetch keeps up, though it never sees the
        // end.
        if (fetch.FetchOffset >= leaderEndOffset)
        {
            _lastCaughtUpMs = Later(_lastCaughtUpMs, fetch.TimeMs);
        }
        else if (_leaderEndAtLastFetch != Unknown && fetch.FetchOffset >= _leaderEndAtLastFetch)
        {
            _lastCaughtUpMs = Later(_lastCaughtUpMs, _lastFetchMs);
        }

        LogEndOffset = fetch.FetchOffset;
        LogStartOffset = fetch.LogStartOffset;
        BrokerEpoch = fetch.BrokerEpoch;
        _leaderEndAtLastFetch = Math.Max(_leaderEndAtLastFetch, leaderEndOffset);
        _lastFetchMs = fetch.TimeMs;
        return true;
    }

    public bool IsCaughtUp(long leaderEndOffset, long nowMs, long lagTimeMaxMs) =>
        LogEndOffset == leaderEndOffset || (_lastCaughtUpMs is { } at && nowMs - at <= lagTimeMaxMs);

    private static long? Later(long? left, long? right) =>
        left is { } a && right is { } b ? Math.Max(a, b) : left ?? right;
}
