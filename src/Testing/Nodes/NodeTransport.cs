using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Testing.Nodes;

/// <summary>A node's connections to the others, with what stands between them.</summary>
internal sealed class NodeTransport(
    ITransport inner, int nodeId, NodeLife life, NodeNetwork network, TimeProvider time) : ITransport
{
    public IRpcChannel Open(PeerEndpoint target, string purpose) => new Channel(this, inner.Open(target, purpose));

    private bool IsCut(PeerEndpoint target) => network.IsCut(nodeId, target.Port);

    // What is lost on the way is noticed by the timeout alone.
    private void TimeOut(TimeSpan after, Action<RpcReply> completion)
    {
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                completion(new RpcReply(RpcStatus.TimedOut, null, -1, null));
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(after, Timeout.InfiniteTimeSpan);
    }

    private sealed class Channel(NodeTransport owner, IRpcChannel inner) : IRpcChannel
    {
        public PeerEndpoint Target => inner.Target;

        public void Send(
            Protocol.IApiMessage request, short maxVersion, TimeSpan timeout, Action<RpcReply> completion)
        {
            if (owner.Life.IsDead)
            {
                return;
            }

            if (owner.IsCut(Target))
            {
                owner.TimeOut(timeout, completion);
                return;
            }

            inner.Send(request, maxVersion, timeout, reply => owner.Life.Run(() =>
            {
                if (!owner.IsCut(Target))
                {
                    completion(reply);
                    return;
                }

                reply.Dispose();
                owner.TimeOut(timeout, completion);
            }));
        }

        public void Disconnect() => inner.Disconnect();

        public void Dispose() => inner.Dispose();
    }

    private NodeLife Life => life;
}
