using KRaftSharp.Broker.Network;

namespace KRaftSharp.Testing.Nodes;

/// <summary>A connection that a node has accepted: while the node stands still, so does it.</summary>
internal sealed class NodeStream(IConnectionStream inner, NodeLife life) : IConnectionStream
{
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        int received = await inner.ReceiveAsync(buffer);
        await life.Running;
        return life.IsDead ? 0 : received;
    }

    public async ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> segments)
    {
        await life.Running;
        if (!life.IsDead)
        {
            await inner.SendAsync(segments);
        }
    }

    public void Abort() => inner.Abort();

    public void Dispose() => inner.Dispose();
}
