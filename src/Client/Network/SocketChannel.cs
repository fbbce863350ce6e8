using KRaftSharp.Protocol;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Network;

/// <summary>A channel over TCP. Connects at the first request; after a failure to connect it refuses for the time of
/// the reconnect backoff rather than let callers wait for a broker that is gone.</summary>
/// <remarks>One lock guards the queues and the state; nothing is awaited or called back under it.</remarks>
internal sealed class SocketChannel : IBrokerChannel
{
    // Of a session's time: the rest is for what is under way.
    private const double RenewedAfter = 0.85;

    private readonly ClientOptions _options;
    private readonly Lock _gate = new();
    private readonly Queue<PendingCall> _unsent = new();
    private readonly Queue<PendingCall> _sent = new();
    private readonly ConnectBackoff _backoff;
    private readonly Timer _deadlines;
    private readonly ILogger _logger;
    private Task _connection = Task.CompletedTask;
    private ChannelState _state;
    private ChannelConnection? _current;
    private SocketLink? _link;
    private TaskCompletionSource? _writerIdle;
    private long _renewAtMs = long.MaxValue;
    private long _armedForMs = long.MaxValue;
    private int _correlationId;
    private bool _isWriting;
    private bool _timedOut;
    private bool _isRenewing;
    private bool _closed;

    public SocketChannel(BrokerAddress address, ClientOptions options)
    {
        Address = address;
        _options = options;
        _backoff = new ConnectBackoff(options);
        _logger = options.Loggers.CreateLogger(ClientLog.NetworkCategory);
        _deadlines = new Timer(static state => ((SocketChannel)state!).OnDeadline(), this, -1, -1);
    }

    public BrokerAddress Address { get; }

    public int InFlight
    {
        get
        {
            lock (_gate)
            {
                return _unsent.Count + _sent.Count;
            }
        }
    }

    private static long NowMs => Environment.TickCount64;

    public Task<BrokerResponse> SendAsync(
        IApiMessage request, VersionRange versions, TimeSpan timeout, bool expectsResponse = true)
    {
        PendingCall call = new(request, versions, NowMs + (long)timeout.TotalMilliseconds, expectsResponse);
        ChannelConnection? writeOn = null;
        lock (_gate)
        {
            BrokerResponse? refusal = _closed
                ? BrokerResponse.Failed(ResponseStatus.Unreachable, "the client is closed")
                : _state == ChannelState.Idle ? _backoff.RefusalAt(NowMs) : null;
            if (refusal is not null)
            {
                call.End(refusal);
                return call.Task;
            }

            _unsent.Enqueue(call);
            Arm(call.DeadlineMs);
            if (_state == ChannelState.Idle)
            {
                _state = ChannelState.Connecting;
                _connection = Task.Run(RunConnectionAsync);
            }
            else if (_state == ChannelState.Ready && !_isWriting)
            {
                _isWriting = true;
                writeOn = _current;
            }
        }

        if (writeOn is not null)
        {
            _ = WriteAsync(writeOn); // ends by itself; the connection's end waits for it
        }

        return call.Task;
    }

    public async ValueTask DisposeAsync()
    {
        Task connection;
        lock (_gate)
        {
            _closed = true;
            _link?.Dispose();
            connection = _connection;
        }

        await connection;
        await _deadlines.DisposeAsync();
    }

    /// <summary>One connection from its making to its end.</summary>
    private async Task RunConnectionAsync()
    {
        TimeSpan timeout = _backoff.Timeout;
        (string reason, bool isRefusal) = ("", false);
        try
        {
            using SocketLink link = await SocketLink.ConnectAsync(Address, timeout, _options);
            Adopt(link);
            using CancellationTokenSource limit = new(timeout);
            ChannelConnection connection = await ChannelConnection.NegotiateAsync(link, _options, limit.Token);
            Begin(connection);
            _ = WriteAsync(connection);
            reason = await ReadAsync(connection);
        }
        catch (Exception error) when (ConnectionFault.IsExpected(error))
        {
            reason = ConnectionFault.Describe(error, Address, timeout);
            isRefusal = ConnectionFault.IsRefusal(error);
        }

        await EndAsync(reason, isRefusal);
    }

    // Until the connection is ready only this can end its making before time.
    private void Adopt(SocketLink link)
    {
        lock (_gate)
        {
            _link = link;
            if (_closed)
            {
                link.Dispose();
            }
        }
    }

    /// <summary>From now on requests are written as they come.</summary>
    private void Begin(ChannelConnection connection)
    {
        lock (_gate)
        {
            _current = connection;
            _state = ChannelState.Ready;
            _backoff.Connected();
            _renewAtMs = connection.LifetimeMs > 0
                ? NowMs + (long)(connection.LifetimeMs * RenewedAfter)
                : long.MaxValue;
            _isWriting = true;
        }

        ConnectionLog.Made(_logger, Address, _options.ClientId);
    }

    // Runs on the sender's thread until the socket has no room; one at a time.
    private async Task WriteAsync(ChannelConnection connection)
    {
        List<PendingCall> unanswered = [];
        try
        {
            while (TakeUnsent(connection, unanswered))
            {
                await connection.FlushAsync();
                foreach (PendingCall call in unanswered)
                {
                    call.End(new BrokerResponse(ResponseStatus.Ok, null, call.Version, null, null));
                }

                unanswered.Clear();
            }
        }
        catch (Exception error) when (ConnectionFault.IsExpected(error))
        {
            connection.Link.Dispose(); // the reader notices and ends the connection
            foreach (PendingCall call in unanswered)
            {
                call.End(BrokerResponse.Failed(ResponseStatus.Disconnected, $"{Address}: {error.Message}"));
            }

            StopWriting();
        }
    }

    /// <summary>Encodes all that waits; false when nothing does, and writing has stopped.</summary>
    private bool TakeUnsent(ChannelConnection connection, List<PendingCall> unanswered)
    {
        lock (_gate)
        {
            if (_state == ChannelState.Ready && !IsToBeRenewed())
            {
                while (_unsent.TryDequeue(out PendingCall? call))
                {
                    call.CorrelationId = _correlationId++;
                    if (!connection.TryEncode(call))
                    {
                        continue;
                    }

                    if (call.ExpectsResponse)
                    {
                        _sent.Enqueue(call);
                    }
                    else
                    {
                        unanswered.Add(call);
                    }
                }
            }

            if (connection.HasEncoded)
            {
                return true;
            }
        }

        StopWriting();
        return false;
    }

    private void StopWriting()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _isWriting = false;
            waiting = _writerIdle;
            _writerIdle = null;
        }

        waiting?.SetResult();
    }

    /// <summary>Hands answers to those who wait, until the connection ends; returns why it did.</summary>
    private async Task<string> ReadAsync(ChannelConnection connection)
    {
        while (await connection.Link.ReceiveAsync() is { } frame)
        {
            PendingCall? call;
            lock (_gate)
            {
                _sent.TryDequeue(out call);
                RenewIfDue();
            }

            if (call is null)
            {
                frame.Dispose();
                throw new InvalidDataException("an answer came that nobody asked for");
            }

            BrokerResponse response = ChannelConnection.Decode(call, frame);
            call.End(response);
            if (response.Status != ResponseStatus.Ok)
            {
                return response.Reason ?? "the answer makes no sense";
            }
        }

        return $"{Address} closed the connection";
    }

    /// <summary>Before the broker stops believing who we are, nothing more is sent on this connection; when all its
    /// answers have come, another takes its place, which proves it anew (KIP-368).</summary>
    private bool IsToBeRenewed()
    {
        if (NowMs < _renewAtMs)
        {
            return false;
        }

        RenewIfDue();
        return true;
    }

    private void RenewIfDue()
    {
        if (_sent.Count == 0 && _unsent.Count > 0 && NowMs >= _renewAtMs)
        {
            _isRenewing = true;
            _link?.Dispose();
        }
    }

    private async Task EndAsync(string reason, bool isRefusal)
    {
        Task? writing = null;
        bool wasReady;
        lock (_gate)
        {
            wasReady = _state == ChannelState.Ready;
            _state = ChannelState.Ending;
            if (_isWriting)
            {
                writing = (_writerIdle = new TaskCompletionSource()).Task;
            }
        }

        if (writing is not null)
        {
            await writing; // nothing refers to the requests' memory any more
        }

        _current?.Dispose();
        List<PendingCall> sent;
        List<PendingCall> unsent;
        bool timedOut;
        BrokerResponse refusal = BrokerResponse.Failed(ResponseStatus.Unreachable, reason);
        lock (_gate)
        {
            (_current, _link) = (null, null);
            if (_isRenewing && !_closed)
            {
                (_isRenewing, _state) = (false, ChannelState.Connecting);
                _connection = Task.Run(RunConnectionAsync);
                return;
            }

            (sent, unsent) = ([.. _sent], [.. _unsent]);
            _sent.Clear();
            _unsent.Clear();
            (timedOut, _timedOut) = (_timedOut, false);
            if (!wasReady)
            {
                refusal = _backoff.Failed(reason, isRefusal, NowMs);
            }

            _state = ChannelState.Idle;
        }

        if (!_closed)
        {
            ConnectionLog.Ended(
                _logger, Address, wasReady, _backoff.Failures, sent, timedOut, reason, _options.ClientId);
        }

        long nowMs = NowMs;
        foreach (PendingCall call in sent)
        {
            bool isLate = timedOut && call.DeadlineMs <= nowMs;
            call.End(BrokerResponse.Failed(
                isLate ? ResponseStatus.TimedOut : ResponseStatus.Disconnected,
                isLate ? $"{Address} did not answer in time" : reason));
        }

        unsent.ForEach(call => call.End(refusal));
    }

    private void Arm(long deadlineMs)
    {
        if (deadlineMs < _armedForMs && !_closed)
        {
            _armedForMs = deadlineMs;
            _deadlines.Change(Math.Max(deadlineMs - NowMs, 0) + 1, Timeout.Infinite);
        }
    }

    // A request that is late takes the connection with it: answers come in order, so none behind it can come either.
    private void OnDeadline()
    {
        List<PendingCall> late = [];
        lock (_gate)
        {
            _armedForMs = long.MaxValue;
            long nowMs = NowMs;
            if (_sent.Any(call => call.DeadlineMs <= nowMs))
            {
                _timedOut = true;
                _link?.Dispose();
            }

            if (_state != ChannelState.Ready && _unsent.Any(call => call.DeadlineMs <= nowMs))
            {
                _link?.Dispose(); // a broker that accepts and then says nothing
                late.AddRange(_unsent.Where(call => call.DeadlineMs <= nowMs));
                List<PendingCall> rest = [.. _unsent.Where(call => call.DeadlineMs > nowMs)];
                _unsent.Clear();
                rest.ForEach(_unsent.Enqueue);
            }

            long next = _sent.Concat(_unsent).Select(call => call.DeadlineMs).Where(d => d > nowMs).DefaultIfEmpty(
                long.MaxValue).Min();
            if (next < long.MaxValue)
            {
                Arm(next);
            }
        }

        late.ForEach(call => call.End(
            BrokerResponse.Failed(ResponseStatus.TimedOut, $"no connection to {Address} in time")));
    }
}
