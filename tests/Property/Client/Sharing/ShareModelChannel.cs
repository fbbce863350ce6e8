using KRaftSharp.Client;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Property.Client.Sharing;

/// <summary>A connection whose requests are carried out when the test says so, and lost together.</summary>
internal sealed class ShareModelChannel(ShareModel model, BrokerAddress address) : IBrokerChannel
{
    private readonly Queue<(IApiMessage Request, TaskCompletionSource<BrokerResponse> Done)> _calls = [];

    public BrokerAddress Address => address;

    public int InFlight => _calls.Count;

    public Task<BrokerResponse> SendAsync(
        IApiMessage request, VersionRange versions, TimeSpan timeout, bool expectsResponse = true)
    {
        if (model.IsImmediate)
        {
            return Task.FromResult(new BrokerResponse(
                ResponseStatus.Ok, model.Handle(this, address.Port, request), 2, null, null));
        }

        TaskCompletionSource<BrokerResponse> done = new();
        _calls.Enqueue((request, done));
        return done.Task;
    }

    /// <summary>The oldest request is carried out and answered.</summary>
    public void Deliver()
    {
        (IApiMessage request, TaskCompletionSource<BrokerResponse> done) = _calls.Dequeue();
        done.SetResult(new BrokerResponse(
            ResponseStatus.Ok, model.Handle(this, address.Port, request), 2, null, null));
    }

    /// <summary>The connection breaks, perhaps after the oldest request was carried out.</summary>
    public void Break(bool afterOne)
    {
        if (afterOne)
        {
            model.Handle(this, address.Port, _calls.Peek().Request);
        }

        model.Disconnected(this);
        var lost = _calls.ToArray();
        _calls.Clear();
        foreach ((_, TaskCompletionSource<BrokerResponse> done) in lost)
        {
            done.SetResult(new BrokerResponse(ResponseStatus.Disconnected, null, -1, "lost", null));
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_calls.Count > 0)
        {
            Break(afterOne: false);
        }

        return ValueTask.CompletedTask;
    }
}
