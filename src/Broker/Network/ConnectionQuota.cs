using System.Net;

namespace KRaftSharp.Broker.Network;

/// <summary>
/// Counts the connections of all listeners of a kind: in all, by listener and by address. The brokers' own listener may
/// always have more: then the others lose the connections that were used longest ago (KIP-402).
/// </summary>
/// <param name="protectedListener">The listener of the brokers, where it is not the only one; or null.</param>
internal sealed class ConnectionQuota(ConnectionRates rates, string? protectedListener)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _byAddress = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _byListener = new(StringComparer.Ordinal);
    private readonly List<Func<bool>> _victims = [];
    private ConnectionLimits _limits = new();
    private int _count;
    private TaskCompletionSource? _slot;

    public ConnectionRates Rates => rates;

    public ConnectionLimits Limits => Volatile.Read(ref _limits);

    /// <param name="closeOldest">Closes the listener's connection that was used longest ago; false without any.</param>
    public void Register(string listener, Func<bool> closeOldest)
    {
        if (listener != protectedListener)
        {
            _victims.Add(closeOldest);
        }
    }

    /// <summary>Completes when the listener may have one more connection.</summary>
    public Task WaitForSlotAsync(string listener)
    {
        lock (_lock)
        {
            if (HasSlot(listener))
            {
                return Task.CompletedTask;
            }

            _slot ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return WaitAsync(_slot.Task, listener);
        }
    }

    /// <summary>New limits; connections that are beyond them stay.</summary>
    public void Update(ConnectionLimits limits)
    {
        lock (_lock)
        {
            _limits = limits;
            Release();
        }
    }

    /// <summary>False when this address has as many as it may; the caller closes the connection.</summary>
    public bool TryAdd(string listener, IPAddress address)
    {
        string key = address.ToString();
        bool isBeyond;
        lock (_lock)
        {
            int before = _byAddress.GetValueOrDefault(key);
            if (before >= _limits.OfAddresses.GetValueOrDefault(key, _limits.MaxPerAddress))
            {
                return false;
            }

            _byAddress[key] = before + 1;
            _byListener[listener] = _byListener.GetValueOrDefault(listener) + 1;
            _count++;
            isBeyond = _count > _limits.MaxConnections;
        }

        if (isBeyond)
        {
            _ = _victims.Exists(static closeOldest => closeOldest());
        }

        return true;
    }

    public void Remove(string listener, IPAddress address)
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

            _byListener[listener]--;
            _count--;
            Release();
        }
    }

    private async Task WaitAsync(Task slot, string listener)
    {
        await slot;
        await WaitForSlotAsync(listener);
    }

    private bool HasSlot(string listener) =>
        _byListener.GetValueOrDefault(listener) < _limits.OfListeners.GetValueOrDefault(listener, int.MaxValue)
        && (listener == protectedListener || _count < _limits.MaxConnections);

    private void Release()
    {
        _slot?.TrySetResult();
        _slot = null;
    }
}
