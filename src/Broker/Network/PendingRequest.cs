using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Network;

/// <summary>A decoded request and its place in the order of answers.</summary>
internal sealed class PendingRequest(
    RequestPipeline pipeline, RequestContext context, IApiMessage body, HandlerEntry entry)
{
    private IApiMessage? _answer;
    private Task<IApiMessage?>? _handling;
    private RequestTimes _times;

    public RequestContext Context => context;

    public HandlerEntry Entry => entry;

    public int FrameBytes { get; init; }

    public long ReceivedAt { init => _times.Received = value; }

    public bool IsStarted { get; private set; }

    public bool IsDone { get; private set; }

    /// <summary>How long the connection is to be quiet afterwards.</summary>
    public int ThrottleMs { get; set; }

    /// <summary>The time in the handler, until it answered or waited.</summary>
    public TimeSpan Handling => pipeline.Clock.GetElapsedTime(_times.Started, _times.Handled);

    /// <summary>Null for a request that is not answered.</summary>
    public OutgoingResponse? Response { get; private set; }

    /// <summary>Calls the handler. True when the answer is there already.</summary>
    public bool Start()
    {
        IsStarted = true;
        _times.Started = pipeline.Clock.GetTimestamp();
        ValueTask<IApiMessage?> handling = Handle();
        _times.Handled = pipeline.Clock.GetTimestamp();
        if (handling.IsCompletedSuccessfully)
        {
            _answer = handling.Result;
            return true;
        }

        _handling = handling.AsTask();
        if (_handling.IsCompleted)
        {
            return true;
        }

        _handling.GetAwaiter().UnsafeOnCompleted(OnCompleted);
        return false;
    }

    /// <summary>The handler's answer; throws what the handler threw.</summary>
    public IApiMessage? TakeAnswer() => _handling is null ? _answer : _handling.GetAwaiter().GetResult();

    public void Finish(OutgoingResponse? response)
    {
        _times.Answered = pipeline.Clock.GetTimestamp();
        Response = response;
        IsDone = true;
    }

    /// <summary>The answer has been handed over: counts the request.</summary>
    public void Sent() => entry.StatsOf(context.Version).Record(_times, ThrottleMs, pipeline.Clock);

    private ValueTask<IApiMessage?> Handle()
    {
        try
        {
            return pipeline.Intercept(context, body, entry.Handler);
        }
        catch (Exception error) when (error is not InvariantViolationException)
        {
            return ValueTask.FromException<IApiMessage?>(error);
        }
    }

    private void OnCompleted() => pipeline.Completed(this);
}
