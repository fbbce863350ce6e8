using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Tests.Unit.Controller;

/// <summary>Keeps what is sent; the test says how it ends.</summary>
internal sealed class FakeTransport : ITransport
{
    public List<(PeerEndpoint Target, Action<RpcReply> Complete)> Sent { get; } = [];

    public IRpcChannel Open(PeerEndpoint target, string purpose) => new Channel(this, target);

    /// <summary>Ends all requests to this node.</summary>
    public int Answer(int nodeId, RpcStatus status)
    {
        var ending = Sent.Where(request => request.Target.NodeId == nodeId).ToList();
        Sent.RemoveAll(request => request.Target.NodeId == nodeId);
        ending.ForEach(request => request.Complete(new RpcReply(status, null, 0, null)));
        return ending.Count;
    }

    private sealed class Channel(FakeTransport owner, PeerEndpoint target) : IRpcChannel
    {
        public PeerEndpoint Target => target;

        public void Send(IApiMessage request, short maxVersion, TimeSpan timeout, Action<RpcReply> completion) =>
            owner.Sent.Add((target, completion));

        public void Disconnect()
        {
        }

        public void Dispose()
        {
        }
    }
}
