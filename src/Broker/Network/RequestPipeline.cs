using System.Collections.Concurrent;
using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Broker.Network;

/// <summary>
/// The requests of one connection: started in the order of their coming, answered in that order. A request that may
/// overlap (Produce) starts while earlier ones of its kind still wait; everything else waits for what came before.
/// </summary>
/// <remarks>Thread-safe. Knows no socket: the simulator feeds it as the listener does.</remarks>
public sealed class RequestPipeline
{
    private readonly RequestProcessor _processor;
    private readonly IResponseSink _sink;
    private readonly Strand _strand;
    private readonly ConcurrentQueue<(ReadOnlyMemory<byte> Frame, IDisposable? Owner)> _incoming = new();
    private readonly Queue<PendingRequest> _unanswered = new();
    private readonly Queue<PendingRequest> _unstarted = new();
    private readonly ReceiveBatch _batch = new();
    private readonly PipelineMute _mute;
    private int _running;
    private bool _onlyOverlappingRun;
    private bool _pumpIsPosted;
    private bool _isClosed;
    private int _backlog;
    private long _backlogBytes;

    public RequestPipeline(RequestProcessor processor, ConnectionContext connection, IResponseSink sink)
    {
        _processor = processor;
        _sink = sink;
        Connection = connection;
        _strand = new Strand { Faulted = processor.Faulted };
        _mute = new PipelineMute(processor.Clock, () => _strand.Post(OnMuteDue));
    }

    public ConnectionContext Connection { get; }

    internal TimeProvider Clock => _processor.Clock;

    internal RequestInterceptor Intercept => _processor.Intercept;

    /// <summary>Requests that came and whose answers the sink has not got yet. Any thread.</summary>
    public int Backlog => Volatile.Read(ref _backlog);

    /// <summary>The size of their frames. Any thread.</summary>
    public long BacklogBytes => Volatile.Read(ref _backlogBytes);

    /// <summary>True while a quota has the client wait: nothing is started, and nothing is to be read. Any thread.
    /// </summary>
    public bool IsMuted => _mute.IsMuted;

    /// <summary>Takes one frame without its length.</summary>
    /// <param name="frame">Valid until <paramref name="owner"/> is disposed.</param>
    /// <param name="owner">Disposed when the request has been answered and its bytes are read no more.</param>
    /// <param name="moreFollow">
    /// True when another frame follows at once: requests are started with the last one, together.
    /// </param>
    public void Receive(ReadOnlyMemory<byte> frame, IDisposable? owner = null, bool moreFollow = false)
    {
        Interlocked.Increment(ref _backlog);
        Interlocked.Add(ref _backlogBytes, frame.Length);
        _incoming.Enqueue((frame, owner));
        if (!moreFollow)
        {
            Resume();
        }
    }

    /// <summary>Starts what was held back; the sink calls this when it is congested no more.</summary>
    public void Resume() => _strand.Post(static (pipeline, _) => ((RequestPipeline)pipeline!).Pump(), this, null);

    /// <summary>The connection is gone: answers still to come are dropped, their buffers returned.</summary>
    public void Close() => _strand.Post(static (pipeline, _) => ((RequestPipeline)pipeline!).OnClosed(), this, null);

    internal void Completed(PendingRequest request) => _strand.Post(
        static (pipeline, request) => ((RequestPipeline)pipeline!).OnCompleted((PendingRequest)request!),
        this, request);

    private void Pump()
    {
        _pumpIsPosted = false;
        while (_incoming.TryDequeue(out (ReadOnlyMemory<byte> Frame, IDisposable? Owner) next))
        {
            if (_isClosed)
            {
                next.Owner?.Dispose();
                continue;
            }

            Accept(next.Frame, next.Owner);
        }

        StartWhatMay();
        SendWhatIsDone();
    }

    private void Accept(ReadOnlyMemory<byte> frame, IDisposable? owner)
    {
        switch (_processor.Decode(Connection, frame, _batch))
        {
            case { Entry: { } entry, Body: { } body, Context: { } context }:
                context.Hold(owner);
                PendingRequest request = new(this, context, body, entry)
                {
                    FrameBytes = frame.Length,
                    ReceivedAt = Clock.GetTimestamp(),
                };
                _unanswered.Enqueue(request);
                _unstarted.Enqueue(request);
                break;
            default:
                owner?.Dispose();
                _isClosed = true;
                _sink.CloseConnection();
                break;
        }
    }

    private void StartWhatMay()
    {
        _batch.Open();
        while (!_isClosed && !_sink.IsCongested && !IsMuted
            && _unstarted.TryPeek(out PendingRequest? next) && MayStart(next))
        {
            _unstarted.Dequeue();
            _onlyOverlappingRun = next.Entry.MayOverlap;
            _running++;
            if (next.Start())
            {
                Finish(next);
            }
        }

        _batch.Complete();
    }

    private bool MayStart(PendingRequest next) => _running == 0 || (_onlyOverlappingRun && next.Entry.MayOverlap);

    private void OnCompleted(PendingRequest request)
    {
        Finish(request);
        if (!_pumpIsPosted)
        {
            // Behind the completions that wait already, so that their answers leave in one send.
            _pumpIsPosted = true;
            Resume();
        }
    }

    private void Finish(PendingRequest request)
    {
        _running--;
        RequestContext context = request.Context;
        bool isAnswered = _processor.TryEncodeAnswer(request, out OutgoingResponse? response);
        if ((!isAnswered || context.ClosesConnection) && !_isClosed)
        {
            _isClosed = true;
            _sink.CloseConnection();
        }

        _mute.Extend(request.ThrottleMs);
        context.ReleaseRequest();
        if (response is null)
        {
            context.ReturnBuffers();
        }

        if (_isClosed)
        {
            response?.Dispose();
            response = null;
        }

        request.Finish(response);
    }

    private void SendWhatIsDone()
    {
        bool any = false;
        while (!_isClosed && _unanswered.TryPeek(out PendingRequest? first) && first.IsDone)
        {
            _unanswered.Dequeue();
            Interlocked.Decrement(ref _backlog);
            Interlocked.Add(ref _backlogBytes, -first.FrameBytes);
            any = true; // also without a response: the sink may be waiting for the backlog to shrink
            if (first.Response is { } response)
            {
                _sink.Send(response);
            }

            first.Sent();
        }

        if (any)
        {
            _sink.Flush();
        }
    }

    private void OnMuteDue()
    {
        if (_mute.TryEnd())
        {
            _sink.Flush(); // it may read again, too
            Pump();
        }
    }

    private void OnClosed()
    {
        _isClosed = true;
        _mute.Dispose();
        _unstarted.Clear();
        while (_unanswered.TryDequeue(out PendingRequest? request))
        {
            if (request.IsDone)
            {
                request.Response?.Dispose();
            }
            else if (!request.IsStarted)
            {
                request.Context.ReleaseRequest();
            }
        }

        Pump();
        _processor.OnConnectionClosed(Connection);
    }
}
