namespace KRaftSharp.Quorum.Raft.Roles;

/// <summary>One kind of requests to one peer: at most one under way, and when the next may go.</summary>
internal sealed class PeerSlot
{
    private const int MostDoublings = 6;

    /// <summary>0 when none is under way.</summary>
    public long RequestId { get; private set; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    public long NotBeforeMs { get; private set; } = long.MinValue;

    public bool IsIdle => RequestId == 0;

    public bool MaySend(long nowMs) => IsIdle && nowMs >= NotBeforeMs;

    public void Sent(long requestId) => RequestId = requestId;

    /// <summary>Whether this request was the one under way, which it is no more.</summary>
    public bool Take(long requestId)
    {
        if (RequestId != requestId)
        {
            return false;
        }

        RequestId = 0;
        return true;
    }

    public void Succeeded()
    {
        Failures = 0;
        NotBeforeMs = long.MinValue;
    }

    /// <summary>Waits before the next one, twice as long with each failure in a row, up to a limit.</summary>
    public void BackOff(long nowMs, int backoffMs, int limitMs = 1000)
    {
        NotBeforeMs = nowMs + Math.Min((long)backoffMs << Math.Min(Failures, MostDoublings), limitMs);
        Failures++;
    }

    /// <summary>The next one goes at once, but the one after backs off should this fail too.</summary>
    public void RetryAtOnce()
    {
        Failures++;
        NotBeforeMs = long.MinValue;
    }

    /// <summary>Forgets what is under way: its answer will not count.</summary>
    public void Reset()
    {
        RequestId = 0;
        Succeeded();
    }
}
