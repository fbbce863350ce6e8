using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Tests.Unit.Raft;

/// <summary>For a quorum of one, which talks to nobody.</summary>
internal sealed class NoTransport : ITransport
{
    public IRpcChannel Open(PeerEndpoint target, string purpose) =>
        throw new InvalidOperationException($"nobody to talk to at {target}");
}
