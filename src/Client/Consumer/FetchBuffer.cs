using KRaftSharp.Client.Network;

namespace KRaftSharp.Client.Consumer;

/// <summary>One answer's buffer while records of it lie ready or are handed out; whoever is last gives it
/// back.</summary>
internal sealed class FetchBuffer
{
    private readonly BrokerResponse _response;
    private readonly FetchNode _node;
    private readonly long _bytes;
    private int _users;

    /// <param name="response">Owned from now on.</param>
    /// <param name="node">Where it came from.</param>
    /// <param name="bytes">What it counts for.</param>
    /// <param name="users">How many have it.</param>
    public FetchBuffer(BrokerResponse response, FetchNode node, long bytes, int users)
    {
        (_response, _node, _bytes, _users) = (response, node, bytes, users);
        node.Hold(bytes);
    }

    /// <summary>One more user; ends when what is returned is disposed.</summary>
    public IDisposable Share()
    {
        Interlocked.Increment(ref _users);
        return new Lease(this);
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _node.Hold(-_bytes);
            _response.Dispose();
        }
    }

    private sealed class Lease(FetchBuffer buffer) : IDisposable
    {
        private FetchBuffer? _buffer = buffer;

        public void Dispose() => Interlocked.Exchange(ref _buffer, null)?.Release();
    }
}
