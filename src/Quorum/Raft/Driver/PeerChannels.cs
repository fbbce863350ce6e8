using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Two connections to each voter: a parked Fetch must not hold up a Vote behind it.</summary>
internal sealed class PeerChannels(DriverContext context) : IDisposable
{
    private readonly OutgoingRequests _requests = new(context.Settings);
    private readonly Dictionary<int, IRpcChannel> _control = [];
    private readonly Dictionary<int, IRpcChannel> _fetch = [];

    /// <param name="endpoint">Where it listens now, which may not be where it did.</param>
    /// <param name="completion">Called once, on any thread.</param>
    public void Send(int to, PeerEndpoint endpoint, RaftRequest request, Action<RpcReply> completion)
    {
        bool isFetch = request is RaftRequest.Fetch or RaftRequest.FetchSnapshot;
        Dictionary<int, IRpcChannel> channels = isFetch ? _fetch : _control;
        if (!channels.TryGetValue(to, out IRpcChannel? channel) || channel.Target != endpoint)
        {
            channel?.Dispose();
            channel = context.Transport.Open(endpoint, isFetch ? "raft-fetch" : "raft");
            channels[to] = channel;
        }

        channel.Send(
            _requests.ToMessage(to, request),
            OutgoingRequests.MaxVersion(request),
            TimeSpan.FromMilliseconds(context.Settings.RequestTimeoutMs),
            completion);
    }

    public void Dispose()
    {
        foreach (IRpcChannel channel in _control.Values.Concat(_fetch.Values))
        {
            channel.Dispose();
        }
    }
}
