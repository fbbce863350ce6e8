using System.Net;

namespace KRaftSharp.Broker.Network;

/// <summary>Counts the connections of all listeners, in all and by address.</summary>
internal sealed class ConnectionQuota(ListenerLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _byAddress = new(StringComparer.Ordinal);
    private int _maxConnections = limits.MaxConnections;
    private int _maxPerIp = limits.MaxConnectionsPerIp;
    private IReadOnlyDictionary<string, int> _overrides = limits.PerIpOverrides;
    private int _count;
    private TaskCompletionSource? _slot;

    /// <summary>Completes when one more connection may be accepted.</summary>
    public Task WaitForSlotAsync()
    {
        lock (_lock)
        {
            if (_count < _maxConnections)
            {
                return Task.CompletedTask;
            }

            _slot ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _slot.Task;
        }
    }

    /// <summary>New limits; connections that are beyond them stay.</summary>
    public void Update(int maxConnections, int maxPerIp, IReadOnlyDictionary<string, int> overrides)
    {
        lock (_lock)
        {
            (_maxConnections, _maxPerIp, _overrides) = (maxConnections, maxPerIp, overrides);
            if (_count < _maxConnections)
            {
                _slot?.TrySetResult();
                _slot = null;
            }
        }
    }

    /// <summary>False when this address has as many as it may; the caller closes the connection.</summary>
    public bool TryAdd(IPAddress address)
    {
        string key = address.ToString();
        lock (_lock)
        {
            int before = _byAddress.GetValueOrDefault(key);
            if (before >= _overrides.GetValueOrDefault(key, _maxPerIp))
            {
                return false;
            }

            _byAddress[key] = before + 1;
            _count++;
            return true;
        }
    }

    public void Remove(IPAddress address)
    {
        string key = address.ToString();
        lock (_lock)
        {
            int left = _byAddress.GetValueOrDefault(key) - 1;
            if (left > 0)
            {
                _byAddress[key] = left;
            }
            else
            {
                _byAddress.Remove(key);
            }

            _count--;
            _slot?.TrySetResult();
            _slot = null;
        }
    }
}
