using System.Net.Sockets;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Network;

/// <summary>A channel over TCP. Connects at the first request; after a failure to connect it refuses for the time of
/// the reconnect backoff rather than let callers wait for a broker that is gone.</summary>
/// <remarks>One lock guards the queues and the state; nothing is awaited or called back under it.</remarks>
internal sealed class SocketChannel : IBrokerChannel
{
    private readonly ClientOptions _options;
    private readonly Lock _gate = new();
    private readonly Queue<PendingCall> _unsent = new();
    private readonly Queue<PendingCall> _sent = new();
    private readonly Chance _chance = new((ulong)Random.Shared.NextInt64());
    private readonly Timer _deadlines;
    private Task _connection = Task.CompletedTask;
    private ChannelState _state;
    private ChannelConnection? _current;
    private SocketLink? _link;
    private TaskCompletionSource? _writerIdle;
    private string? _refusal;
    private long _refuseUntilMs;
    private long _armedForMs = long.MaxValue;
    private int _failures;
    private int _correlationId;
    private bool _isWriting;
    private bool _timedOut;
    private bool _closed;

    public SocketChannel(BrokerAddress address, ClientOptions options)
    {
        Address = address;
        _options = options;
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
            if (_closed || (_state == ChannelState.Idle && NowMs < _refuseUntilMs))
            {
                call.End(BrokerResponse.Failed(
                    ResponseStatus.Unreachable, _closed ? "the client is closed" : _refusal));
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
        string reason;
        try
        {
            using SocketLink link = await SocketLink.ConnectAsync(
                Address, _options.ConnectTimeout, _options.MaxResponseBytes);
            Adopt(link);
            ChannelConnection connection = await ChannelConnection.NegotiateAsync(link, _options);
            Begin(connection);
            _ = WriteAsync(connection);
            reason = await ReadAsync(connection);
        }
        catch (Exception error) when (error is SocketException or InvalidDataException or ObjectDisposedException)
        {
            reason = $"{Address}: {error.Message}";
        }
        catch (OperationCanceledException)
        {
            reason = $"{Address}: no connection within {_options.ConnectTimeout.TotalSeconds:0.#} s";
        }

        await EndAsync(reason);
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
            _failures = 0;
            _isWriting = true;
        }
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
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
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
            if (_state == ChannelState.Ready)
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

    private async Task EndAsync(string reason)
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
        lock (_gate)
        {
            (_current, _link) = (null, null);
            (sent, unsent) = ([.. _sent], [.. _unsent]);
            _sent.Clear();
            _unsent.Clear();
            (timedOut, _timedOut) = (_timedOut, false);
            if (!wasReady)
            {
                _refusal = reason;
                _refuseUntilMs = NowMs + (long)_chance.Backoff(
                    _options.ReconnectBackoff, _options.ReconnectBackoffMax, ++_failures).TotalMilliseconds;
            }

            _state = ChannelState.Idle;
        }

        long nowMs = NowMs;
        foreach (PendingCall call in sent)
        {
            bool isLate = timedOut && call.DeadlineMs <= nowMs;
            call.End(BrokerResponse.Failed(
                isLate ? ResponseStatus.TimedOut : ResponseStatus.Disconnected,
                isLate ? $"{Address} did not answer in time" : reason));
        }

        unsent.ForEach(call => call.End(BrokerResponse.Failed(ResponseStatus.Unreachable, reason)));
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

        foreach (PendingCall call in late)
        {
            call.End(BrokerResponse.Failed(ResponseStatus.TimedOut, $"no connection to {Address} in time"));
        }
    }
}
