using System.Collections.Concurrent;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Transactions;

/// <summary>Requests to other brokers, over one connection each.</summary>
internal sealed class BrokerRequests(
    ITransport transport, Func<MetadataImage> image, string interBrokerListener, string purpose) : IDisposable
{
    private readonly ConcurrentDictionary<int, IRpcChannel> _channels = new();

    /// <summary>Calls back once, on any thread; with null when no answer came.</summary>
    public void Send<TResponse>(
        int broker, IApiMessage request, short maxVersion, TimeSpan timeout, Action<TResponse?> completion)
        where TResponse : class, IApiMessage
    {
        if (image().Cluster.Broker(broker) is not { } registration
            || !registration.Listeners.TryGetValue(interBrokerListener, out ListenerEndpoint? listener))
        {
            completion(null);
            return;
        }

        var target = new PeerEndpoint(broker, listener.Host, listener.Port);
        IRpcChannel channel = _channels.AddOrUpdate(
            broker,
            _ => transport.Open(target, purpose),
            (_, existing) =>
            {
                if (existing.Target == target)
                {
                    return existing;
                }

                existing.Dispose();
                return transport.Open(target, purpose);
            });
        channel.Send(request, maxVersion, timeout, reply =>
        {
            using (reply)
            {
                completion(reply.Status == RpcStatus.Ok ? reply.Response as TResponse : null);
            }
        });
    }

    public void Dispose()
    {
        foreach (IRpcChannel channel in _channels.Values)
        {
            channel.Dispose();
        }
    }
}
