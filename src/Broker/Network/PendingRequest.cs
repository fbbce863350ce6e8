using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Network;

/// <summary>A decoded request and its place in the order of answers.</summary>
internal sealed class PendingRequest(
    RequestPipeline pipeline, RequestContext context, IApiMessage body, HandlerEntry entry)
{
    private IApiMessage? _answer;
    private Task<IApiMessage?>? _handling;

    public RequestContext Context => context;

    public HandlerEntry Entry => entry;

    public int FrameBytes { get; init; }

    public bool IsStarted { get; private set; }

    public bool IsDone { get; private set; }

    /// <summary>Null for a request that is not answered.</summary>
    public OutgoingResponse? Response { get; private set; }

    /// <summary>Calls the handler. True when the answer is there already.</summary>
    public bool Start()
    {
        IsStarted = true;
        ValueTask<IApiMessage?> handling = Handle();
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
        Response = response;
        IsDone = true;
    }

    private ValueTask<IApiMessage?> Handle()
    {
        try
        {
            return entry.Handler.HandleAsync(context, body);
        }
        catch (Exception error) when (error is not InvariantViolationException)
        {
            return ValueTask.FromException<IApiMessage?>(error);
        }
    }

    private void OnCompleted() => pipeline.Completed(this);
}
