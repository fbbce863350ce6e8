using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Network;

/// <summary>
/// One connection to one node: made at the first send and, after a break, at the next one. Versions are negotiated by
/// ApiVersions each time it is made; until then requests wait.
/// </summary>
internal sealed class SocketChannel : IRpcChannel
{
    private readonly string _purpose;
    private readonly string _clientId;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Strand _strand = new();
    private readonly Queue<OutgoingCall> _unsent = new();
    private readonly Queue<OutgoingCall> _sent = new();
    private readonly ITimer _timer;
    private ChannelSession? _session;
    private long _timerDueMs = long.MaxValue;
    private int _lastCorrelationId;
    private bool _isDisposed;

    public SocketChannel(PeerEndpoint target, string purpose, string clientId, TimeProvider time, ILogger logger)
    {
        Target = target;
        _purpose = purpose;
        _clientId = clientId;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(
            static channel => ((SocketChannel)channel!).OnTimer(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public PeerEndpoint Target { get; }

    /// <inheritdoc/>
    public void Send(IApiMessage request, short maxVersion, TimeSpan timeout, Action<RpcReply> completion)
    {
        short version = Math.Min(maxVersion, request.HighestVersion);
        int correlationId = Interlocked.Increment(ref _lastCorrelationId);
        OutgoingCall call = new(
            request.Key, correlationId, _time.MonotonicMs() + (long)timeout.TotalMilliseconds, completion)
        {
            Version = version,
            Frame = RequestFrame.Encode(request, version, correlationId, _clientId),
        };
        _strand.Post(static (channel, call) => ((SocketChannel)channel!).OnSend((OutgoingCall)call!), this, call);
    }

    /// <inheritdoc/>
    public void Disconnect() => _strand.Post(() => Break(_session, RpcStatus.Disconnected));

    public void Dispose() => _strand.Post(() =>
    {
        _isDisposed = true;
        Break(_session, RpcStatus.Disconnected);
        _timer.Dispose();
    });

    /// <summary>The session has connected and knows the other side's versions.</summary>
    internal void OnReady(ChannelSession session) => _strand.Post(() =>
    {
        if (ReferenceEquals(session, _session))
        {
            BrokerLog.Connected(_logger, _purpose, Target.Host, Target.Port);
            TransmitUnsent();
        }
    });

    internal void OnBroken(ChannelSession session, RpcStatus status, string reason) => _strand.Post(() =>
    {
        if (ReferenceEquals(session, _session))
        {
            BrokerLog.ChannelBroke(_logger, _purpose, Target.Host, Target.Port, status, reason);
        }

        Break(session, status);
    });

    internal void OnFrame(ChannelSession session, ReadOnlyMemory<byte> frame, IDisposable owner) => _strand.Post(() =>
    {
        if (!ReferenceEquals(session, _session))
        {
            owner.Dispose();
            return;
        }

        if (!_sent.TryDequeue(out OutgoingCall? call)
            || !ResponseFrame.TryDecode(
                frame, call.Key, call.Version, out ResponseHeader header, out IApiMessage? body, out _)
            || header.CorrelationId != call.CorrelationId)
        {
            owner.Dispose();
            call?.Fail(RpcStatus.Disconnected);
            Break(session, RpcStatus.Disconnected);
            return;
        }

        call.Complete(new RpcReply(RpcStatus.Ok, body, call.Version, owner));
    });

    private void OnSend(OutgoingCall call)
    {
        if (_isDisposed)
        {
            call.Fail(RpcStatus.Disconnected);
            return;
        }

        _unsent.Enqueue(call);
        ArmTimer(call.DeadlineMs);
        if (_session is null)
        {
            _session = new ChannelSession(this, _clientId);
            _session.Start();
        }
        else if (_session.IsReady)
        {
            TransmitUnsent();
        }
    }

    private void TransmitUnsent()
    {
        while (_unsent.TryDequeue(out OutgoingCall? call))
        {
            if (!_session!.TryNegotiate(call, _clientId))
            {
                call.Fail(RpcStatus.UnsupportedVersion);
                continue;
            }

            _sent.Enqueue(call);
            _session.Send(call.TakeFrame());
        }

        _session!.Flush();
    }

    private void Break(ChannelSession? session, RpcStatus status)
    {
        session?.Dispose();
        if (session is null || !ReferenceEquals(session, _session))
        {
            return;
        }

        _session = null;
        FailAll(_sent, status);
        FailAll(_unsent, status);
    }

    private static void FailAll(Queue<OutgoingCall> calls, RpcStatus status)
    {
        while (calls.TryDequeue(out OutgoingCall? call))
        {
            call.Fail(status);
        }
    }

    private void ArmTimer(long dueMs)
    {
        if (dueMs < _timerDueMs)
        {
            _timerDueMs = dueMs;
            _timer.Change(
                TimeSpan.FromMilliseconds(Math.Max(1, dueMs - _time.MonotonicMs())), Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer() => _strand.Post(() =>
    {
        _timerDueMs = long.MaxValue;
        if (_isDisposed)
        {
            return;
        }

        long nowMs = _time.MonotonicMs();
        long nextMs = long.MaxValue;
        bool anyLate = false;
        foreach (OutgoingCall call in _sent.Concat(_unsent))
        {
            if (call.DeadlineMs <= nowMs)
            {
                anyLate = true;
                call.Fail(RpcStatus.TimedOut);
            }
            else
            {
                nextMs = Math.Min(nextMs, call.DeadlineMs);
            }
        }

        if (anyLate)
        {
            // Answers come in order: what is behind the late one cannot be had either.
            Break(_session, RpcStatus.Disconnected);
        }
        else if (nextMs != long.MaxValue)
        {
            ArmTimer(nextMs);
        }
    });
}
