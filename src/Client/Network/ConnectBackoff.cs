namespace KRaftSharp.Client.Network;

/// <summary>How long to leave a broker alone that could not be connected to, and how long to try the next time.
/// </summary>
/// <remarks>Guarded by its channel's lock.</remarks>
internal sealed class ConnectBackoff(ClientOptions options)
{
    private readonly Chance _chance = new((ulong)Random.Shared.NextInt64());
    private BrokerResponse? _refusal;
    private long _refuseUntilMs;

    /// <summary>In a row.</summary>
    public int Failures { get; private set; }

    /// <summary>Longer with each failure, so that a slow network gets its time in the end (KIP-601).</summary>
    public TimeSpan Timeout
    {
        get
        {
            double ms = options.ConnectTimeout.TotalMilliseconds * Math.Pow(2, Math.Min(Failures, 30));
            double most = Math.Max(
                options.ConnectTimeoutMax.TotalMilliseconds, options.ConnectTimeout.TotalMilliseconds);
            return TimeSpan.FromMilliseconds(Math.Min(ms, most));
        }
    }

    /// <summary>The answer to requests while nothing is tried; null: try.</summary>
    public BrokerResponse? RefusalAt(long nowMs) => nowMs < _refuseUntilMs ? _refusal : null;

    public void Connected()
    {
        Failures = 0;
        _refusal = null;
    }

    /// <returns>What those who wait are told.</returns>
    public BrokerResponse Failed(string reason, bool isRefusal, long nowMs)
    {
        TimeSpan pause = _chance.Backoff(options.ReconnectBackoff, options.ReconnectBackoffMax, ++Failures);
        _refuseUntilMs = nowMs + (long)pause.TotalMilliseconds;
        return _refusal = BrokerResponse.Failed(
            isRefusal ? ResponseStatus.AuthenticationFailed : ResponseStatus.Unreachable, reason);
    }
}
