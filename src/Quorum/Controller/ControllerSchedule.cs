namespace KRaftSharp.Quorum.Controller;

/// <summary>When the active controller does what nobody asks for. Times are on the monotonic clock.</summary>
internal sealed class ControllerSchedule(ControllerSettings settings)
{
    private long _noOpMs;
    private long _rebalanceMs;
    private long _uncleanMs;

    public void Activate(long nowMs)
    {
        Appended(nowMs);
        _rebalanceMs = settings.AutoLeaderRebalance
            ? nowMs + (settings.LeaderImbalanceCheckIntervalSeconds * 1000L)
            : long.MaxValue;
        _uncleanMs = nowMs + settings.UncleanElectionIntervalMs;
    }

    /// <summary>Something was appended: a NoOpRecord has time.</summary>
    public void Appended(long nowMs) =>
        _noOpMs = settings.MaxIdleIntervalMs > 0 ? nowMs + settings.MaxIdleIntervalMs : long.MaxValue;

    public bool IsNoOpDue(long nowMs) => nowMs >= _noOpMs;

    /// <summary>True once an interval.</summary>
    public bool TakeRebalance(long nowMs)
    {
        bool isDue = nowMs >= _rebalanceMs;
        _rebalanceMs = isDue ? nowMs + (settings.LeaderImbalanceCheckIntervalSeconds * 1000L) : _rebalanceMs;
        return isDue;
    }

    /// <summary>True once an interval.</summary>
    public bool TakeUncleanElection(long nowMs)
    {
        bool isDue = nowMs >= _uncleanMs;
        _uncleanMs = isDue ? nowMs + settings.UncleanElectionIntervalMs : _uncleanMs;
        return isDue;
    }

    public long NextMs => Math.Min(_noOpMs, Math.Min(_rebalanceMs, _uncleanMs));
}
