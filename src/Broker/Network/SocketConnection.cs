using System.Net.Sockets;
using KRaftSharp.Log.Scheduling;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Network;

/// <summary>
/// One accepted connection: a loop that receives and cuts frames, and a sender that puts into one send whatever
/// responses wait.
/// </summary>
internal sealed class SocketConnection : IResponseSink, IDisposable
{
    private const long CongestedBytes = 1024 * 1024;
    private const long MostBacklogBytes = 32 * 1024 * 1024;

    private readonly IConnectionStream _stream;
    private readonly ListenerLimits _limits;
    private readonly BufferBudget _budget;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FrameReader _frames;
    private readonly RequestPipeline _pipeline;
    private readonly Strand _sender;
    private readonly List<OutgoingResponse> _waiting = [];
    private readonly List<OutgoingResponse> _sending = [];
    private readonly List<ReadOnlyMemory<byte>> _segments = [];
    private readonly long _openedMs;
    private long _unsentBytes;
    private long _lastActiveMs;
    private long _requests;
    private long _bytesIn;
    private TaskCompletionSource? _room;
    private SocketThread _thread;
    private bool _sendIsUnderWay;
    private volatile bool _isClosed;

    public SocketConnection(
        IConnectionStream stream, RequestProcessor processor, ConnectionContext context, ListenerServices services)
    {
        _stream = stream;
        _limits = services.Limits;
        _budget = services.Budget;
        _time = services.Time;
        _logger = services.Logger;
        _frames = new FrameReader(_limits.RequestMaxBytes, _budget);
        _pipeline = new RequestPipeline(processor, context, this);
        _sender = new Strand { Faulted = processor.Faulted };
        _openedMs = _lastActiveMs = _time.MonotonicMs();
    }

    public ConnectionContext Context => _pipeline.Connection;

    /// <summary>When something came or went last.</summary>
    public long LastActiveMs => Volatile.Read(ref _lastActiveMs);

    /// <summary>As it is now. Any thread.</summary>
    public ConnectionView View
    {
        get
        {
            long now = _time.MonotonicMs();
            ConnectionContext context = Context;
            return new ConnectionView(
                context.Id, context.ListenerName, context.ClientHost, context.ClientPort, context.Principal,
                context.ClientId, context.ClientSoftwareName, context.ClientSoftwareVersion, now - _openedMs,
                Math.Max(0, now - LastActiveMs), Volatile.Read(ref _requests), _pipeline.Backlog,
                Volatile.Read(ref _bytesIn));
        }
    }

    /// <summary>Since when nothing came; requests that wait for their answer keep a connection alive.</summary>
    public bool IsIdleSince(long beforeMs) => _pipeline.Backlog == 0 && LastActiveMs < beforeMs;

    /// <inheritdoc/>
    public bool IsCongested => Volatile.Read(ref _unsentBytes) > CongestedBytes;

    /// <summary>So many requests, or so much of them, wait that no more are read; or a quota wants it so.</summary>
    private bool HasTooMuchToDo => _pipeline.Backlog >= _limits.QueuedMaxRequests
        || _pipeline.BacklogBytes >= MostBacklogBytes || _pipeline.IsMuted;

    /// <summary>Receives until the other side is gone, breaks the protocol or <see cref="CloseConnection"/>.</summary>
    public async Task RunAsync()
    {
        try
        {
            await ReceiveAsync();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException)
        {
            BrokerLog.ConnectionBroke(_logger, Context.Id, Context.ClientHost, error.Message);
        }
        finally
        {
            CloseConnection();
            _frames.Dispose();
            _pipeline.Close();
            _sender.Post(DropUnsent);
        }
    }

    /// <inheritdoc/>
    public void CloseConnection()
    {
        _isClosed = true;
        _stream.Abort();
        ReleaseReader();
    }

    public void Dispose() => CloseConnection();

    /// <inheritdoc/>
    public void Send(OutgoingResponse response)
    {
        Interlocked.Add(ref _unsentBytes, response.Frame.Length);
        _sender.Post(
            static (connection, response) =>
                ((SocketConnection)connection!)._waiting.Add((OutgoingResponse)response!), this, response);
    }

    /// <inheritdoc/>
    public void Flush()
    {
        ReleaseReader();
        _sender.Post(static (connection, _) => ((SocketConnection)connection!).SendWaiting(), this, null);
    }

    private async Task ReceiveAsync()
    {
        while (!_isClosed)
        {
            await _budget.WaitForRoomAsync();
            ValueTask<int> receive = _stream.ReceiveAsync(_frames.Room());
            bool wasAtOnce = receive.IsCompleted;
            int received = await receive;
            if (received == 0)
            {
                return;
            }

            _bytesIn += received;
            Volatile.Write(ref _lastActiveMs, _time.MonotonicMs());
            _frames.Advance(received);
            if (_thread.IsToBeLeft(_frames, wasAtOnce))
            {
                await Task.Yield();
            }

            while (_frames.TryTake(out ReadOnlyMemory<byte> frame, out IDisposable? owner))
            {
                _requests++;
                _pipeline.Receive(frame, owner, _frames.HasCompleteFrame());
            }

            if (_frames.Fault != FrameFault.None)
            {
                BrokerLog.FrameLengthRefused(
                    _logger, Context.ClientHost, Context.ListenerName, _frames.FaultyLength, _limits.RequestMaxBytes);
                return;
            }

            if (HasTooMuchToDo)
            {
                await WaitForRoomAsync();
            }
        }
    }

    private Task WaitForRoomAsync()
    {
        TaskCompletionSource room = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _room, room);
        if (_isClosed)
        {
            room.TrySetResult();
        }
        else
        {
            ReleaseReader();
        }

        return room.Task;
    }

    private void ReleaseReader()
    {
        if (Volatile.Read(ref _room) is not null && (_isClosed || !HasTooMuchToDo))
        {
            Interlocked.Exchange(ref _room, null)?.TrySetResult();
        }
    }

    private void SendWaiting()
    {
        while (!_sendIsUnderWay && _waiting.Count > 0)
        {
            if (_isClosed)
            {
                DropUnsent();
                return;
            }

            _sending.AddRange(_waiting);
            _waiting.Clear();
            foreach (OutgoingResponse response in _sending)
            {
                for (int i = 0; i < response.Frame.SegmentCount; i++)
                {
                    _segments.Add(response.Frame[i]);
                }
            }

            ValueTask send = _stream.SendAsync(_segments);
            if (!send.IsCompletedSuccessfully)
            {
                _sendIsUnderWay = true;
                Task task = send.AsTask();
                task.GetAwaiter().UnsafeOnCompleted(() => _sender.Post(() => OnSent(task.Exception)));
                return;
            }

            OnSent();
        }
    }

    private void OnSent(Exception? error)
    {
        _sendIsUnderWay = false;
        OnSent();
        if (error is not null)
        {
            CloseConnection();
        }

        SendWaiting();
    }

    private void OnSent()
    {
        bool wasCongested = IsCongested;
        foreach (OutgoingResponse response in _sending)
        {
            Interlocked.Add(ref _unsentBytes, -response.Frame.Length);
            response.Dispose();
        }

        _sending.Clear();
        _segments.Clear();
        Volatile.Write(ref _lastActiveMs, _time.MonotonicMs());
        if (wasCongested && !IsCongested)
        {
            _pipeline.Resume();
        }
    }

    /// <summary>What is being sent is disposed when that send ends: the kernel may still read it.</summary>
    private void DropUnsent()
    {
        foreach (OutgoingResponse response in _waiting)
        {
            response.Dispose();
        }

        _waiting.Clear();
    }
}
