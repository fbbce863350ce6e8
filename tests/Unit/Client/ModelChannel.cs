using KRaftSharp.Client;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Client;

/// <summary>A connection of the model: requests are carried out one after the other, and fail together.</summary>
internal sealed class ModelChannel(ModelCluster cluster, BrokerAddress address) : IBrokerChannel
{
    private readonly Lock _gate = new();
    private readonly Queue<Call> _calls = new();
    private Task _pump = Task.CompletedTask;

    public BrokerAddress Address => address;

    public int InFlight => _calls.Count;

    public Task<BrokerResponse> SendAsync(
        IApiMessage request, VersionRange versions, TimeSpan timeout, bool expectsResponse = true)
    {
        Call call = new(
            request, new TaskCompletionSource<BrokerResponse>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            _calls.Enqueue(call);
            if (_calls.Count == 1)
            {
                _pump = Task.Run(Pump);
            }
        }

        return call.Done.Task;
    }

    public async ValueTask DisposeAsync() => await _pump;

    private void Pump()
    {
        while (true)
        {
            Call call;
            lock (_gate)
            {
                call = _calls.Peek();
            }

            IApiMessage? answer = cluster.Handle(address.Port, call.Request);
            List<Call> ended = [];
            bool isLast;
            lock (_gate)
            {
                ended.Add(_calls.Dequeue());
                while (answer is null && _calls.TryDequeue(out Call? lost))
                {
                    ended.Add(lost);
                }

                isLast = _calls.Count == 0;
            }

            ended.ForEach(end => end.Done.SetResult(answer is null
                ? new BrokerResponse(ResponseStatus.Disconnected, null, -1, "lost", null)
                : new BrokerResponse(ResponseStatus.Ok, answer, 0, null, null)));
            if (isLast)
            {
                return;
            }
        }
    }

    private sealed record Call(IApiMessage Request, TaskCompletionSource<BrokerResponse> Done);
}
