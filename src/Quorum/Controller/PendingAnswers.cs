using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Controller;

/// <summary>Answers that wait until what they tell of is committed, in order.</summary>
internal sealed class PendingAnswers
{
    private readonly Queue<Waiting> _waiting = new();
    private long _lastOffset = -1;

    /// <summary>
    /// Answers once <paramref name="offset"/> is committed; what changed nothing follows what it saw.
    /// </summary>
    /// <param name="offset">Null for an answer without records.</param>
    public void Add(long? offset, IApiMessage request, IApiMessage response, TaskCompletionSource<IApiMessage> done)
    {
        if (offset is null && _waiting.Count == 0)
        {
            done.TrySetResult(response);
            return;
        }

        _lastOffset = Math.Max(_lastOffset, offset ?? _lastOffset);
        _waiting.Enqueue(new Waiting(_lastOffset, request, response, done));
    }

    /// <summary>Everything before <paramref name="endOffset"/> is committed.</summary>
    public void Commit(long endOffset)
    {
        while (_waiting.TryPeek(out Waiting? first) && first.Offset < endOffset)
        {
            _waiting.Dequeue();
            first.Done.TrySetResult(first.Response);
        }
    }

    /// <summary>Nobody knows what becomes of what is not committed yet.</summary>
    public void FailAll(ApiError error)
    {
        _lastOffset = -1;
        while (_waiting.TryDequeue(out Waiting? waiting))
        {
            waiting.Done.TrySetResult(ControllerResponses.Failure(waiting.Request, error));
        }
    }

    private sealed record Waiting(
        long Offset, IApiMessage Request, IApiMessage Response, TaskCompletionSource<IApiMessage> Done);
}
