using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Transport;

/// <summary>One connection to one node: requests are pipelined and answered in order.</summary>
public interface IRpcChannel : IDisposable
{
    PeerEndpoint Target { get; }

    /// <summary>
    /// Sends a request at the highest version that both sides know, <paramref name="maxVersion"/> at most.
    /// The request is encoded before the call returns. <paramref name="completion"/> is called exactly once, on any
    /// thread
    /// (never inside this call), also after <see cref="IDisposable.Dispose"/>; it owns the reply and disposes it.
    /// </summary>
    void Send(IApiMessage request, short maxVersion, TimeSpan timeout, Action<RpcReply> completion);

    /// <summary>Drops the connection; requests under way end as <see cref="RpcStatus.Disconnected"/>.</summary>
    void Disconnect();
}
