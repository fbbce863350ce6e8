namespace KRaftSharp.Quorum.Quotas;

/// <summary>How long who exceeds a quota has to wait.</summary>
public static class QuotaMath
{
    /// <summary>
    /// The time after which the rate is down to its bound, in milliseconds: the excess over the bound, times the time
    /// it was measured over. 0 within the bound.
    /// </summary>
    public static long ThrottleMs(SampledRate measured, double bound, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(measured);
        double rate = measured.Rate(nowMs);
        return rate <= bound ? 0 : Rounded((rate - bound) / bound * measured.WindowMs(nowMs));
    }

    /// <summary>To the nearest, halves up; what does not fit is as much as fits.</summary>
    internal static long Rounded(double ms) => ms >= long.MaxValue ? long.MaxValue : (long)Math.Floor(ms + 0.5);
}
