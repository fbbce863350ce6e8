using KRaftSharp.Broker.Handlers;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Node;

/// <summary>
/// Sends requests to the active controller, whoever that is: again after a break, a refusal or NOT_CONTROLLER, until
/// the request's deadline.
/// </summary>
public sealed class ControllerChannel : IDisposable
{
    private static readonly TimeSpan RetryBackoff = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(30);

    private readonly Func<PeerEndpoint?> _activeController;
    private readonly ITransport _transport;
    private readonly TimeProvider _time;
    private readonly string _purpose;
    private readonly Strand _strand;
    private readonly List<Call> _waiting = [];
    private readonly ITimer _timer;
    private IRpcChannel? _channel;
    private bool _timerIsSet;
    private bool _isDisposed;

    /// <param name="activeController">Where the active controller listens, as far as this node knows.</param>
    /// <param name="purpose">Names the connection; each purpose has its own.</param>
    public ControllerChannel(
        Func<PeerEndpoint?> activeController, ITransport transport, TimeProvider time, string purpose,
        Action<Exception>? faulted = null)
    {
        _activeController = activeController;
        _transport = transport;
        _time = time;
        _purpose = purpose;
        _strand = new Strand { Faulted = faulted };
        _timer = time.CreateTimer(
            static channel => ((ControllerChannel)channel!).OnTimer(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Sends at once if a controller is known. <paramref name="completion"/> is called exactly once, on any thread,
    /// and owns the reply; its status is that of the last attempt. The request must not be changed meanwhile.
    /// </summary>
    public void Send(IApiMessage request, short maxVersion, TimeSpan timeout, Action<RpcReply> completion)
    {
        Call call = new(request, maxVersion, _time.MonotonicMs() + (long)timeout.TotalMilliseconds, completion);
        _strand.Post(() => Attempt(call));
    }

    /// <summary>As <see cref="Send"/>, to be awaited; the caller disposes the reply.</summary>
    public Task<RpcReply> SendAsync(IApiMessage request, short maxVersion, TimeSpan timeout)
    {
        TaskCompletionSource<RpcReply> done = new();
        Send(request, maxVersion, timeout, done.SetResult);
        return done.Task;
    }

    /// <summary>The active controller may have changed: waiting requests are tried at once.</summary>
    public void ControllerChanged() => _strand.Post(RetryWaiting);

    public void Dispose() => _strand.Post(() =>
    {
        _isDisposed = true;
        _timer.Dispose();
        _channel?.Dispose();
        _channel = null;
        foreach (Call call in _waiting)
        {
            call.Completion(new RpcReply(RpcStatus.Disconnected, null, 0, null));
        }

        _waiting.Clear();
    });

    private void Attempt(Call call)
    {
        long leftMs = call.DeadlineMs - _time.MonotonicMs();
        if (_isDisposed || leftMs <= 0)
        {
            call.Completion(new RpcReply(_isDisposed ? RpcStatus.Disconnected : call.LastStatus, null, 0, null));
            return;
        }

        if (_activeController() is not { } target)
        {
            Wait(call);
            return;
        }

        if (_channel is null || _channel.Target != target)
        {
            _channel?.Dispose();
            _channel = _transport.Open(target, _purpose);
        }

        TimeSpan timeout = TimeSpan.FromMilliseconds(Math.Min(leftMs, AttemptTimeout.TotalMilliseconds));
        _channel.Send(call.Request, call.MaxVersion, timeout, reply => _strand.Post(() => OnReply(call, reply)));
    }

    private void OnReply(Call call, RpcReply reply)
    {
        call.LastStatus = reply.Status;
        bool isFinal = reply.Status switch
        {
            RpcStatus.Ok => ResponseErrors.TopLevel(reply.Response!) != ErrorCode.NotController,
            RpcStatus.UnsupportedVersion => true,
            _ => false,
        };
        if (isFinal || _isDisposed)
        {
            call.Completion(reply);
            return;
        }

        reply.Dispose();
        Wait(call);
    }

    private void Wait(Call call)
    {
        _waiting.Add(call);
        if (!_timerIsSet)
        {
            _timerIsSet = true;
            _timer.Change(RetryBackoff, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer() => _strand.Post(() =>
    {
        _timerIsSet = false;
        RetryWaiting();
    });

    private void RetryWaiting()
    {
        Call[] calls = [.. _waiting];
        _waiting.Clear();
        foreach (Call call in calls)
        {
            Attempt(call);
        }
    }

    private sealed class Call(IApiMessage request, short maxVersion, long deadlineMs, Action<RpcReply> completion)
    {
        public IApiMessage Request => request;

        public short MaxVersion => maxVersion;

        public long DeadlineMs => deadlineMs;

        public Action<RpcReply> Completion => completion;

        public RpcStatus LastStatus { get; set; } = RpcStatus.TimedOut;
    }
}
