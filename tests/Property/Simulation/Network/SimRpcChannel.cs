using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Tests.Property.Simulation.Network;

/// <summary>
/// One channel of a process to one other: connects at the first send, answers every request exactly once, drops the
/// connection when an answer does not come in time.
/// </summary>
internal sealed class SimRpcChannel(SimTransport transport, PeerEndpoint target, string purpose) : IRpcChannel
{
    private Attempt? _attempt;
    private bool _isDisposed;
    private int _nextCorrelationId;

    public PeerEndpoint Target => target;

    public void Send(IApiMessage request, short maxVersion, TimeSpan timeout, Action<RpcReply> completion)
    {
        short version = Math.Min(maxVersion, request.HighestVersion);
        if (_isDisposed)
        {
            Later(() => completion(new RpcReply(RpcStatus.Disconnected, null, 0, null)));
            return;
        }

        int correlationId = _nextCorrelationId++;
        byte[] frame = SimFrames.EncodeRequest(request, version, correlationId, purpose);
        _attempt ??= new Attempt(this);
        var pending = new Pending(correlationId, request.Key, version, completion);
        Attempt attempt = _attempt;
        pending.Timer = transport.Time.CreateTimer(
            _ => attempt.End(RpcStatus.Disconnected, pending), null, timeout, Timeout.InfiniteTimeSpan);
        attempt.Send(frame, pending);
    }

    public void Disconnect() => _attempt?.End(RpcStatus.Disconnected, timedOut: null);

    public void Dispose()
    {
        _isDisposed = true;
        Disconnect();
    }

    private void Later(Action action) =>
        transport.Network.Scheduler.Schedule(transport.Life, TimeSpan.Zero, action);

    private sealed class Pending(int correlationId, ApiKey key, short version, Action<RpcReply> completion)
    {
        public int CorrelationId => correlationId;

        public ApiKey Key => key;

        public short Version => version;

        public ITimer? Timer { get; set; }

        public void Complete(RpcStatus status, IApiMessage? response)
        {
            Timer?.Dispose();
            completion(new RpcReply(status, response, version, null));
        }
    }

    /// <summary>One connection and the requests that wait for their answers on it, in order.</summary>
    private sealed class Attempt : ISimClientEnd
    {
        private readonly SimRpcChannel _channel;
        private readonly SimConnection? _connection;
        private readonly Queue<Pending> _pending = new();
        private bool _hasEnded;

        public Attempt(SimRpcChannel channel)
        {
            _channel = channel;
            SimNetwork network = channel.Transport.Network;
            if (network.Find(channel.Target.Host) is { } server)
            {
                _connection = new SimConnection(network, channel.Transport.Host, server, channel.Target.Port, this);
            }
            else
            {
                channel.Later(() => Closed(refused: true));
            }
        }

        public void Send(byte[] frame, Pending pending)
        {
            _pending.Enqueue(pending);
            _connection?.Send(frame);
        }

        public void Receive(byte[] frame)
        {
            if (_hasEnded)
            {
                return;
            }

            Pending pending = _pending.Dequeue();
            IApiMessage response = SimFrames.DecodeResponse(frame, pending.Key, pending.Version,
                pending.CorrelationId);
            pending.Complete(RpcStatus.Ok, response);
        }

        public void Closed(bool refused) => Finish(refused ? RpcStatus.Refused : RpcStatus.Disconnected, null);

        /// <summary>The client side gives up; completions come later, never inside the caller's call.</summary>
        public void End(RpcStatus status, Pending? timedOut)
        {
            if (!_hasEnded)
            {
                _connection?.CloseByClient();
                Detach();
                _channel.Later(() => CompleteAll(status, timedOut));
            }
        }

        private void Finish(RpcStatus status, Pending? timedOut)
        {
            if (!_hasEnded)
            {
                Detach();
                CompleteAll(status, timedOut);
            }
        }

        private void Detach()
        {
            _hasEnded = true;
            if (ReferenceEquals(_channel._attempt, this))
            {
                _channel._attempt = null;
            }
        }

        private void CompleteAll(RpcStatus status, Pending? timedOut)
        {
            while (_pending.TryDequeue(out Pending? pending))
            {
                pending.Complete(ReferenceEquals(pending, timedOut) ? RpcStatus.TimedOut : status, null);
            }
        }
    }

    private SimTransport Transport => transport;
}
