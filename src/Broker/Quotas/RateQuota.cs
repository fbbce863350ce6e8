using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Quotas;

namespace KRaftSharp.Broker.Quotas;

/// <summary>One kind of client quota: what each client used lately, and how long it has to wait.</summary>
/// <remarks>Thread-safe. What is not used for a whole measured time is forgotten, which changes nothing.</remarks>
/// <param name="key">The quota's key, such as producer_byte_rate.</param>
/// <param name="mostThrottleMs">The longest wait; what is left of it comes with the next request.</param>
internal sealed class RateQuota(string key, QuotaWindows windows, long mostThrottleMs = int.MaxValue)
{
    private const int MostBuckets = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<QuotaBucket, Usage> _usages = [];
    private volatile QuotaTable _table = QuotaTable.Empty;
    private long _pruneAtMs;

    public string Key => key;

    /// <summary>False when nobody has such a quota: then nothing is measured.</summary>
    public bool IsActive => !_table.IsEmpty;

    public void Update(ClientQuotasImage quotas) => _table = QuotaTable.From(quotas, key);

    /// <summary>Counts <paramref name="value"/>; the time its client has to wait, in milliseconds.</summary>
    public int Record(string user, string clientId, double value, long nowMs) =>
        Record(user, clientId, value, nowMs, keepsExcess: true);

    /// <summary>
    /// Counts <paramref name="value"/> unless its client has to wait then: what is not sent has not been used.
    /// </summary>
    public int RecordIfWithin(string user, string clientId, double value, long nowMs) =>
        Record(user, clientId, value, nowMs, keepsExcess: false);

    /// <summary>What a client may use at once when it used nothing before.</summary>
    public double MostAtOnce(string user, string clientId) =>
        _table.Find(user, clientId) is { } match ? match.Bound * windows.BurstSeconds : double.PositiveInfinity;

    /// <summary>What everybody under a quota uses, a second, and how long the last wait was.</summary>
    public IReadOnlyList<QuotaUsage> Usages(long nowMs)
    {
        lock (_lock)
        {
            Prune(nowMs);
            return
            [
                .. _usages.Select(one => new QuotaUsage(
                    one.Key, one.Value.Rate.Rate(nowMs), one.Value.LastThrottleMs)),
            ];
        }
    }

    private int Record(string user, string clientId, double value, long nowMs, bool keepsExcess)
    {
        if (_table.Find(user, clientId) is not { } match)
        {
            return 0;
        }

        lock (_lock)
        {
            Usage usage = UsageOf(match.Bucket, nowMs);
            usage.Rate.Record(value, nowMs);
            usage.LastMs = nowMs;
            long throttleMs = QuotaMath.ThrottleMs(usage.Rate, match.Bound, nowMs);
            if (throttleMs > 0 && !keepsExcess)
            {
                usage.Rate.Record(-value, nowMs);
            }

            usage.LastThrottleMs = (int)Math.Min(throttleMs, mostThrottleMs);
            return usage.LastThrottleMs;
        }
    }

    private Usage UsageOf(QuotaBucket bucket, long nowMs)
    {
        if (_usages.TryGetValue(bucket, out Usage? usage))
        {
            return usage;
        }

        Prune(nowMs);
        if (_usages.Count >= MostBuckets)
        {
            bucket = default; // names beyond all measure share one
        }

        if (!_usages.TryGetValue(bucket, out usage))
        {
            _usages[bucket] = usage = new Usage(windows);
        }

        return usage;
    }

    private void Prune(long nowMs)
    {
        if (nowMs < _pruneAtMs)
        {
            return;
        }

        long measuredMs = (windows.Count + 1) * windows.LengthMs;
        _pruneAtMs = nowMs + windows.LengthMs;
        foreach ((QuotaBucket bucket, Usage usage) in _usages)
        {
            if (nowMs - usage.LastMs > measuredMs)
            {
                _usages.Remove(bucket); // a dictionary may lose what is being enumerated
            }
        }
    }

    private sealed class Usage(QuotaWindows windows)
    {
        public SampledRate Rate { get; } = new(windows);

        public long LastMs { get; set; }

        public int LastThrottleMs { get; set; }
    }
}
