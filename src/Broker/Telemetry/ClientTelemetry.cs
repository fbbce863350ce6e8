using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Telemetry;

/// <summary>
/// GetTelemetrySubscriptions and PushTelemetry (KIP-714): which metrics each client is to push, how often, and whether
/// it keeps to that. What is pushed goes to the receivers.
/// </summary>
/// <remarks>Thread-safe. Remembers the clients heard of last, no more than <see cref="MostInstances"/>.</remarks>
internal sealed class ClientTelemetry(
    IReadOnlyList<ITelemetryReceiver> receivers, int maxPayloadBytes, TimeProvider time, Prng chance)
    : IMetadataSubscriber
{
    public const int MostInstances = 16_384;

    private const string AllMetrics = "*";
    private const long LeastExpiryMs = 60_000;
    private const int IntervalsToExpiry = 3;
    private const int ReservedIds = 100;

    private static readonly sbyte[] Codecs =
    [
        (sbyte)CompressionCodec.Zstd, (sbyte)CompressionCodec.Lz4, (sbyte)CompressionCodec.Gzip,
        (sbyte)CompressionCodec.Snappy,
    ];

    private readonly Lock _lock = new();
    private readonly Dictionary<Uuid, LinkedListNode<ClientInstance>> _byId = [];
    private readonly LinkedList<ClientInstance> _byUse = [];
    private readonly SortedDictionary<string, MetricsSubscription> _subscriptions = new(StringComparer.Ordinal);
    private long _version;
    private long _throttled;
    private long _unknownSubscriptions;
    private long _receiverErrors;
    private long _pushes;

    /// <summary>Whether anybody takes what clients push: else the requests are not offered, as in Kafka.</summary>
    public bool HasReceiver => receivers.Count > 0;

    public int InstanceCount
    {
        get
        {
            lock (_lock)
            {
                return _byUse.Count;
            }
        }
    }

    public long ThrottleCount => Interlocked.Read(ref _throttled);

    public long UnknownSubscriptionCount => Interlocked.Read(ref _unknownSubscriptions);

    public long ReceiverErrorCount => Interlocked.Read(ref _receiverErrors);

    public long PushCount => Interlocked.Read(ref _pushes);

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        lock (_lock)
        {
            foreach (ConfigResource resource in delta.ChangedConfigs)
            {
                if (resource.Type != ConfigResourceType.ClientMetrics)
                {
                    continue;
                }

                IReadOnlyDictionary<string, string> configs = image.Configs.For(resource);
                _subscriptions.Remove(resource.Name);
                if (configs.Count > 0)
                {
                    _subscriptions[resource.Name] = MetricsSubscription.Parse(configs);
                }

                _version++;
            }
        }
    }

    /// <param name="attributesOf">Gives the client's attributes; the instance id may be one that is made here.</param>
    public GetTelemetrySubscriptionsResponse Get(
        GetTelemetrySubscriptionsRequest request, Func<Uuid, ClientAttributes> attributesOf)
    {
        long nowMs = time.MonotonicMs();
        lock (_lock)
        {
            Uuid id = request.ClientInstanceId.IsZero ? chance.NextUuid() : request.ClientInstanceId;
            ClientInstance instance = InstanceOf(id, attributesOf, nowMs);
            if (!instance.TryGet(nowMs)
                && instance.LastError is not (ErrorCode.UnknownSubscriptionId or ErrorCode.UnsupportedCompressionType))
            {
                Interlocked.Increment(ref _throttled);
                return new GetTelemetrySubscriptionsResponse { ErrorCode = ErrorCode.ThrottlingQuotaExceeded };
            }

            instance.LastError = ErrorCode.None;
            return new GetTelemetrySubscriptionsResponse
            {
                ClientInstanceId = id,
                SubscriptionId = instance.SubscriptionId,
                AcceptedCompressionTypes = [.. Codecs],
                PushIntervalMs = instance.PushIntervalMs,
                TelemetryMaxBytes = maxPayloadBytes,
                DeltaTemporality = true,
                RequestedMetrics = [.. instance.Metrics],
            };
        }
    }

    /// <inheritdoc cref="Get"/>
    public PushTelemetryResponse Push(PushTelemetryRequest request, Func<Uuid, ClientAttributes> attributesOf)
    {
        if (request.ClientInstanceId is { High: 0, Low: >= 0 and < ReservedIds })
        {
            return new PushTelemetryResponse { ErrorCode = ErrorCode.InvalidRequest };
        }

        long nowMs = time.MonotonicMs();
        ClientInstance instance;
        lock (_lock)
        {
            instance = InstanceOf(request.ClientInstanceId, attributesOf, nowMs);
            instance.LastError = Check(request, instance, nowMs);
            instance.IsTerminating = request.Terminating;
            if (instance.LastError != ErrorCode.None)
            {
                return new PushTelemetryResponse { ErrorCode = instance.LastError };
            }
        }

        Interlocked.Increment(ref _pushes);
        TelemetryPush push = new(
            instance.Attributes, (CompressionCodec)request.CompressionType, request.Metrics, instance.PushIntervalMs,
            request.Terminating, nowMs);
        if (request.Metrics.IsEmpty || TakeAll(push))
        {
            return new PushTelemetryResponse();
        }

        Interlocked.Increment(ref _receiverErrors);
        lock (_lock)
        {
            instance.LastError = ErrorCode.InvalidRecord;
        }

        return new PushTelemetryResponse { ErrorCode = ErrorCode.InvalidRecord };
    }

    private bool TakeAll(in TelemetryPush push)
    {
        bool isTaken = true;
        foreach (ITelemetryReceiver receiver in receivers)
        {
            isTaken &= receiver.TryTake(push);
        }

        return isTaken;
    }

    private ErrorCode Check(PushTelemetryRequest request, ClientInstance instance, long nowMs)
    {
        if (instance.IsTerminating)
        {
            return ErrorCode.InvalidRequest;
        }

        if (!instance.TryPush(nowMs) && !request.Terminating)
        {
            Interlocked.Increment(ref _throttled);
            return ErrorCode.ThrottlingQuotaExceeded;
        }

        if (request.SubscriptionId != instance.SubscriptionId)
        {
            Interlocked.Increment(ref _unknownSubscriptions);
            return ErrorCode.UnknownSubscriptionId;
        }

        if (request.CompressionType is < (sbyte)CompressionCodec.None or > (sbyte)CompressionCodec.Zstd)
        {
            return ErrorCode.UnsupportedCompressionType;
        }

        return request.Metrics.Length > maxPayloadBytes ? ErrorCode.TelemetryTooLarge : ErrorCode.None;
    }

    /// <summary>The instance under the subscriptions of now: a change begins its intervals anew.</summary>
    private ClientInstance InstanceOf(Uuid id, Func<Uuid, ClientAttributes> attributesOf, long nowMs)
    {
        ClientInstance? instance = null;
        if (TryTakeOut(id, out ClientInstance? known) && known.ExpiresAtMs > nowMs)
        {
            instance = known.SubscriptionVersion == _version ? known : NewInstance(known.Attributes);
        }

        instance ??= NewInstance(attributesOf(id));
        instance.ExpiresAtMs = nowMs + Math.Max(LeastExpiryMs, (long)IntervalsToExpiry * instance.PushIntervalMs);
        while (_byUse.First is { } oldest && (oldest.Value.ExpiresAtMs <= nowMs || _byUse.Count >= MostInstances))
        {
            TryTakeOut(oldest.Value.Attributes.InstanceId, out _);
        }

        _byId[id] = _byUse.AddLast(instance);
        return instance;
    }

    private bool TryTakeOut(Uuid id, [NotNullWhen(true)] out ClientInstance? instance)
    {
        instance = null;
        if (!_byId.Remove(id, out LinkedListNode<ClientInstance>? node))
        {
            return false;
        }

        _byUse.Remove(node);
        instance = node.Value;
        return true;
    }

    private ClientInstance NewInstance(ClientAttributes client)
    {
        SortedSet<string> metrics = new(StringComparer.Ordinal);
        int intervalMs = MetricsSubscription.DefaultIntervalMs;
        foreach (MetricsSubscription subscription in _subscriptions.Values.Where(one => one.Matches(client)))
        {
            metrics.UnionWith(subscription.Metrics);
            intervalMs = Math.Min(intervalMs, subscription.IntervalMs);
        }

        string[] wanted = metrics.Contains(AllMetrics) ? [AllMetrics] : [.. metrics];
        return new ClientInstance(client, _version)
        {
            Metrics = wanted,
            PushIntervalMs = intervalMs,
            SubscriptionId = SubscriptionIdOf(wanted, intervalMs, client.InstanceId),
        };
    }

    /// <summary>Changes with what is to be pushed, and differs from client to client.</summary>
    private static int SubscriptionIdOf(string[] metrics, int intervalMs, Uuid client)
    {
        string text = $"[{string.Join(", ", metrics)}]" + intervalMs.ToString(CultureInfo.InvariantCulture);
        long halves = client.High ^ client.Low;
        return (int)Crc32C.Compute(Encoding.UTF8.GetBytes(text)) ^ (int)(halves >> 32) ^ (int)halves;
    }
}
