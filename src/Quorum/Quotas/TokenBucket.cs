namespace KRaftSharp.Quorum.Quotas;

/// <summary>
/// Tokens that come at a rate and gather up to a burst; who takes more than there are goes into debt (KIP-599).
/// </summary>
/// <remarks>Pure: the caller brings the time. Starts full. Not thread-safe.</remarks>
public sealed class TokenBucket(QuotaWindows windows)
{
    private double _tokens = double.PositiveInfinity;
    private long _lastMs;

    /// <summary>What there is, after what came since; negative for a debt.</summary>
    /// <param name="ratePerSecond">Of now; it may differ from call to call.</param>
    public double Tokens(double ratePerSecond, long nowMs)
    {
        double burst = ratePerSecond * windows.Count * windows.LengthMs / 1000.0;
        double came = double.IsInfinity(_tokens) ? 0 : ratePerSecond * (nowMs - _lastMs) / 1000.0;
        _tokens = Math.Min(burst, _tokens + came);
        _lastMs = nowMs;
        return _tokens;
    }

    /// <summary>Takes <paramref name="count"/>, whether they are there or not.</summary>
    public void Take(double count, double ratePerSecond, long nowMs) => _tokens = Tokens(ratePerSecond, nowMs) - count;

    /// <summary>How long until a debt is paid off, in milliseconds; 0 without one.</summary>
    public long ThrottleMs(double ratePerSecond, long nowMs)
    {
        double tokens = Tokens(ratePerSecond, nowMs);
        return tokens >= 0 ? 0 : QuotaMath.Rounded(-tokens / ratePerSecond * 1000);
    }
}
