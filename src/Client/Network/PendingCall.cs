using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Network;

/// <summary>A request from its sending to its end.</summary>
internal sealed class PendingCall(
    IApiMessage request, VersionRange versions, long deadlineMs, bool expectsResponse)
{
    private readonly TaskCompletionSource<BrokerResponse> _done =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IApiMessage Request => request;

    public VersionRange Versions => versions;

    public long DeadlineMs => deadlineMs;

    public bool ExpectsResponse => expectsResponse;

    public Task<BrokerResponse> Task => _done.Task;

    public int CorrelationId { get; set; }

    /// <summary>The version it was sent at.</summary>
    public short Version { get; set; }

    /// <summary>Ends it; the first end counts.</summary>
    public void End(BrokerResponse response)
    {
        if (!_done.TrySetResult(response))
        {
            response.Dispose();
        }
    }
}
