using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft;

/// <summary>A voter and where its controller listener is.</summary>
public readonly record struct Voter(ReplicaKey Key, PeerEndpoint Endpoint)
{
    public int Id => Key.Id;
}
