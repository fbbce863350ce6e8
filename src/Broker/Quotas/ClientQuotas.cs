using KRaftSharp.Broker.Network;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Quotas;

namespace KRaftSharp.Broker.Quotas;

/// <summary>
/// The quotas of users and client ids on one broker: bytes produced, bytes fetched and the time of threads. Changes
/// count at once.
/// </summary>
/// <remarks>Thread-safe. Costs a read of three fields a request where there are no quotas.</remarks>
internal sealed class ClientQuotas(QuotaWindows windows, TimeProvider time) : IMetadataSubscriber, IRequestQuotas
{
    private const double PercentPerSecond = 100;

    /// <summary>Bytes a second of Produce requests.</summary>
    public RateQuota Produce { get; } = new("producer_byte_rate", windows);

    /// <summary>Bytes a second of records that consumers fetch.</summary>
    public RateQuota Fetch { get; } = new("consumer_byte_rate", windows);

    /// <summary>Percent of one thread's time.</summary>
    public RateQuota Request { get; } = new("request_percentage", windows, windows.LengthMs);

    public IReadOnlyList<RateQuota> All => [Produce, Fetch, Request];

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        if (delta.QuotasChanged)
        {
            foreach (RateQuota quota in All)
            {
                quota.Update(image.ClientQuotas);
            }
        }
    }

    /// <inheritdoc/>
    public int Throttle(RequestContext context, ApiKey key, IApiMessage? answer, int requestBytes, TimeSpan handling)
    {
        IThrottledResponse? throttled = answer as IThrottledResponse;
        int throttleMs = throttled?.ThrottleTimeMs ?? 0; // of a handler, or of the controller
        if (Request.IsActive && !context.IsExemptFromQuotas && !IsBetweenBrokers(key))
        {
            throttleMs = Math.Max(throttleMs, Request.Record(
                context.User, context.ClientId, handling.TotalSeconds * PercentPerSecond, time.MonotonicMs()));
        }

        if (key == ApiKey.Produce && Produce.IsActive)
        {
            throttleMs = Math.Max(throttleMs, Produce.Record(
                context.User, context.ClientId, requestBytes, time.MonotonicMs()));
        }

        if (throttleMs > 0 && throttled is not null)
        {
            throttled.ThrottleTimeMs = throttleMs;
        }

        return throttleMs;
    }

    /// <summary>How many bytes one fetch may ask for: no more than its quota lets through at once.</summary>
    public int MostFetchBytes(RequestContext context) => Fetch.IsActive
        ? (int)Math.Min(int.MaxValue, Fetch.MostAtOnce(context.User, context.ClientId))
        : int.MaxValue;

    /// <summary>
    /// Before a fetch is answered: how long its client has to wait instead. What it waits for is not counted.
    /// </summary>
    public int AdmitFetch(RequestContext context, long bytes) => Fetch.IsActive
        ? Fetch.RecordIfWithin(context.User, context.ClientId, bytes, time.MonotonicMs())
        : 0;

    /// <summary>What only brokers may ask of one another.</summary>
    private static bool IsBetweenBrokers(ApiKey key) => key is ApiKey.WriteTxnMarkers
        or (>= ApiKey.InitializeShareGroupState and <= ApiKey.ReadShareGroupStateSummary);
}
