namespace KRaftSharp.Quorum.Raft.Roles;

/// <summary>What the leader knows of another replica's log.</summary>
internal sealed class ReplicaProgress(ReplicaKey key)
{
    private long _leaderEndAtLastFetch = -1;

    /// <summary>As the replica last named itself.</summary>
    public ReplicaKey Key { get; private set; } = key;

    /// <summary>Durable there up to here; -1 before its first valid fetch in this epoch.</summary>
    public long EndOffset { get; private set; } = -1;

    /// <summary>Monotonic time of the last fetch of any kind; -1 before.</summary>
    public long LastContactMs { get; private set; } = -1;

    public long LastFetchMs { get; private set; } = -1;

    /// <summary>When it last had everything that the leader had; -1 before.</summary>
    public long LastCaughtUpMs { get; private set; } = -1;

    /// <summary>Voters only: when to tell it of the epoch, at first or again because it does not fetch.</summary>
    public long NextBeginMs { get; set; } = long.MinValue;

    public void Touch(ReplicaKey key, long nowMs)
    {
        Key = key;
        LastContactMs = nowMs;
    }

    /// <summary>A valid fetch came from this offset, while the leader's log ended at another.</summary>
    public void Fetched(long fetchOffset, long leaderEndOffset, long nowMs)
    {
        if (fetchOffset >= leaderEndOffset)
        {
            LastCaughtUpMs = nowMs;
        }
        else if (_leaderEndAtLastFetch >= 0 && fetchOffset >= _leaderEndAtLastFetch)
        {
            LastCaughtUpMs = Math.Max(LastCaughtUpMs, LastFetchMs);
        }

        EndOffset = fetchOffset;
        LastFetchMs = nowMs;
        _leaderEndAtLastFetch = leaderEndOffset;
    }
}
