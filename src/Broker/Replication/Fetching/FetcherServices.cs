using KRaftSharp.Broker.Replication.Throttling;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Replication.Fetching;

/// <summary>What all fetchers of a node share.</summary>
internal sealed class FetcherServices
{
    public required ReplicationOptions Options { get; init; }

    public required ITransport Transport { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>Where a broker listens for others; null while the metadata does not know it.</summary>
    public required Func<int, PeerEndpoint?> EndpointOf { get; init; }

    /// <summary>This node's broker epoch; negative before it is registered, and nothing is fetched until
    /// then.</summary>
    public required Func<long> BrokerEpoch { get; init; }

    public required ReplicationThrottle Throttle { get; init; }

    public required Action<Exception> Fault { get; init; }
}
