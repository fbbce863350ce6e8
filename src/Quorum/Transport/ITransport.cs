namespace KRaftSharp.Quorum.Transport;

/// <summary>Outgoing connections of this node; sockets in production, the simulated network in tests.</summary>
public interface ITransport
{
    /// <summary>
    /// A channel to <paramref name="target"/>. It connects at the first send and again after a break.
    /// </summary>
    /// <param name="target">Where to connect to.</param>
    /// <param name="purpose">Names the channel in logs and keeps traffic apart: one connection a purpose and
    /// target.</param>
    IRpcChannel Open(PeerEndpoint target, string purpose);
}
