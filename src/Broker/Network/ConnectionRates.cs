using KRaftSharp.Quorum.Quotas;

namespace KRaftSharp.Broker.Network;

/// <summary>How fast connections come (KIP-612): over all listeners, to each listener, from each address.</summary>
/// <remarks>Thread-safe. Knows no clock.</remarks>
/// <param name="exempt">The listener of the brokers, which the rate of all listeners does not hold up; or null.</param>
internal sealed class ConnectionRates(QuotaWindows windows, string? exempt)
{
    private const int MostAddresses = 10_000;

    private readonly Lock _lock = new();
    private readonly SampledRate _all = new(windows);
    private readonly Dictionary<string, SampledRate> _listeners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SampledRate Rate, long LastMs)> _addresses = new(StringComparer.Ordinal);

    /// <summary>
    /// Counts a connection. How long to wait before it is served: no longer than a window, and the rest comes with the
    /// next.
    /// </summary>
    public long Admit(ConnectionLimits limits, string listener, long nowMs)
    {
        lock (_lock)
        {
            long waitMs = 0;
            if (listener != exempt && limits.CreationRate < int.MaxValue)
            {
                waitMs = Count(_all, limits.CreationRate, nowMs);
            }

            if (limits.CreationRates.TryGetValue(listener, out int rate))
            {
                waitMs = Math.Max(waitMs, Count(OfListener(listener), rate, nowMs));
            }

            return waitMs;
        }
    }

    /// <summary>
    /// Counts a connection of an address. When it comes too early it is not counted, nor where <see cref="Admit"/>
    /// counted it: so many milliseconds later it is to be closed.
    /// </summary>
    public long AdmitAddress(ConnectionLimits limits, string listener, string address, long nowMs)
    {
        if (limits.AddressRates.FindAddress(address) is not { } bound)
        {
            return 0;
        }

        lock (_lock)
        {
            SampledRate rate = OfAddress(address, nowMs);
            long waitMs = Count(rate, bound, nowMs);
            if (waitMs > 0)
            {
                rate.Record(-1, nowMs);
                if (listener != exempt && limits.CreationRate < int.MaxValue)
                {
                    _all.Record(-1, nowMs);
                }

                if (limits.CreationRates.ContainsKey(listener))
                {
                    OfListener(listener).Record(-1, nowMs);
                }
            }

            return waitMs;
        }
    }

    private long Count(SampledRate rate, double bound, long nowMs)
    {
        rate.Record(1, nowMs);
        return bound > 0 ? Math.Min(windows.LengthMs, QuotaMath.ThrottleMs(rate, bound, nowMs)) : windows.LengthMs;
    }

    private SampledRate OfListener(string listener)
    {
        if (!_listeners.TryGetValue(listener, out SampledRate? rate))
        {
            _listeners[listener] = rate = new SampledRate(windows);
        }

        return rate;
    }

    private SampledRate OfAddress(string address, long nowMs)
    {
        SampledRate rate = _addresses.TryGetValue(address, out (SampledRate Rate, long LastMs) known)
            ? known.Rate
            : new SampledRate(windows);
        if (_addresses.Count >= MostAddresses)
        {
            long measuredMs = (windows.Count + 1) * windows.LengthMs;
            foreach ((string other, (_, long lastMs)) in _addresses)
            {
                if (nowMs - lastMs > measuredMs)
                {
                    _addresses.Remove(other); // a dictionary may lose what is being enumerated
                }
            }
        }

        _addresses[address] = (rate, nowMs);
        return rate;
    }
}
