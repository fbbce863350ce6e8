namespace KRaftSharp.Quorum.Quotas;

/// <summary>Over how long a rate is measured: quota.window.num windows of quota.window.size.seconds.</summary>
/// <param name="Count">At least 1.</param>
/// <param name="LengthMs">Of one window, at least 1 ms.</param>
public readonly record struct QuotaWindows(int Count, long LengthMs)
{
    public static QuotaWindows Default { get; } = new(11, 1000);

    /// <summary>What a quota lets through at once: all windows but the one that is under way.</summary>
    public double BurstSeconds => (Count - 1) * LengthMs / 1000.0;

    public static QuotaWindows OfSeconds(int count, int seconds) => new(count, seconds * 1000L);
}
