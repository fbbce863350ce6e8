using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Telemetry;

/// <summary>A client that fetches subscriptions and pushes metrics: what it is to push, and when it last did.</summary>
/// <remarks>Used under the lock of <see cref="ClientTelemetry"/>.</remarks>
internal sealed class ClientInstance(ClientAttributes attributes, long subscriptionVersion)
{
    private long? _lastGetMs;
    private long? _lastPushMs;

    public ClientAttributes Attributes => attributes;

    /// <summary>Which version of the subscriptions <see cref="SubscriptionId"/> is about.</summary>
    public long SubscriptionVersion => subscriptionVersion;

    /// <summary>Prefixes of metrics, sorted; only "*" where some subscription wants all.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    public required int PushIntervalMs { get; init; }

    public required int SubscriptionId { get; init; }

    /// <summary>The client has said that it ends: nothing more is expected of it.</summary>
    public bool IsTerminating { get; set; }

    /// <summary>What the last request was told.</summary>
    public ErrorCode LastError { get; set; }

    public long ExpiresAtMs { get; set; }

    /// <summary>False when it asks again within the push interval.</summary>
    public bool TryGet(long nowMs)
    {
        long? last = _lastGetMs is { } get && _lastPushMs is { } push ? Math.Max(get, push) : _lastGetMs ?? _lastPushMs;
        if (nowMs - last < PushIntervalMs)
        {
            return false;
        }

        _lastGetMs = nowMs;
        return true;
    }

    /// <summary>
    /// False when it pushes again within the push interval. The first push after a subscription was fetched may come
    /// early, for clients spread their pushes.
    /// </summary>
    public bool TryPush(long nowMs)
    {
        bool isFirst = _lastGetMs is { } get && (_lastPushMs is not { } push || get > push);
        if (!isFirst && nowMs - _lastPushMs < PushIntervalMs)
        {
            return false;
        }

        _lastPushMs = nowMs;
        return true;
    }
}
