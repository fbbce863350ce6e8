using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Controller;

/// <summary>
/// Finds out whether a broker's process is still there: a refused connection says that it is not. Anything else but an
/// answer is asked again, until the owner is no longer interested.
/// </summary>
/// <remarks>Belongs to the controller's strand; <paramref name="refused"/> is called on it.</remarks>
internal sealed class LivenessProbes(
    ControllerSettings settings,
    ITransport transport,
    TimeProvider time,
    Strand strand,
    Func<int, long, bool> isInteresting,
    Action<int, long> refused)
{
    private readonly Dictionary<int, long> _running = [];

    /// <summary>Probes the broker with this epoch, unless that is under way.</summary>
    public void Start(BrokerRegistration broker)
    {
        if (EndpointOf(broker) is { } endpoint && _running.TryAdd(broker.Id, broker.Epoch))
        {
            Send(endpoint, broker.Epoch);
        }
    }

    private PeerEndpoint? EndpointOf(BrokerRegistration broker)
    {
        if (!broker.Listeners.TryGetValue(settings.InterBrokerListenerName, out ListenerEndpoint? listener))
        {
            listener = broker.Listeners.Values.FirstOrDefault();
        }

        return listener is null ? null : new PeerEndpoint(broker.Id, listener.Host, listener.Port);
    }

    private void Send(PeerEndpoint endpoint, long epoch)
    {
        IRpcChannel channel = transport.Open(endpoint, "liveness");
        channel.Send(
            new ApiVersionsRequest { ClientSoftwareName = "kraftsharp", ClientSoftwareVersion = "liveness" },
            maxVersion: 0,
            TimeSpan.FromMilliseconds(settings.ProbeTimeoutMs),
            reply =>
            {
                RpcStatus status = reply.Status;
                reply.Dispose();
                strand.Post(() =>
                {
                    channel.Dispose();
                    Finish(endpoint, epoch, status);
                });
            });
    }

    private void Finish(PeerEndpoint endpoint, long epoch, RpcStatus status)
    {
        int brokerId = endpoint.NodeId;
        if (!isInteresting(brokerId, epoch) || status is RpcStatus.Ok or RpcStatus.UnsupportedVersion)
        {
            _running.Remove(brokerId);
        }
        else if (status == RpcStatus.Refused)
        {
            _running.Remove(brokerId);
            refused(brokerId, epoch);
        }
        else
        {
            // A process that is being killed may still take a connection and drop it.
            ITimer? timer = null;
            timer = time.CreateTimer(
                _ => strand.Post(() =>
                {
                    timer?.Dispose();
                    Retry(endpoint, epoch);
                }),
                null,
                TimeSpan.FromMilliseconds(settings.ProbeRetryMs),
                Timeout.InfiniteTimeSpan);
        }
    }

    private void Retry(PeerEndpoint endpoint, long epoch)
    {
        if (isInteresting(endpoint.NodeId, epoch))
        {
            Send(endpoint, epoch);
        }
        else
        {
            _running.Remove(endpoint.NodeId);
        }
    }
}
