namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>Whether the application still polls (<c>max.poll.interval.ms</c>): a member that does not is no use to its
/// group, however regularly its heart beats.</summary>
internal sealed class PollWatch(long mostMs)
{
    private long _idleSinceMs;
    private bool _isPolling;

    public void Begin() => _isPolling = true;

    public void End(long nowMs)
    {
        _isPolling = false;
        _idleSinceMs = nowMs;
    }

    /// <summary>When it counts as gone; never while it polls.</summary>
    public long ExpiresAtMs => _isPolling ? long.MaxValue : _idleSinceMs + mostMs;
}
