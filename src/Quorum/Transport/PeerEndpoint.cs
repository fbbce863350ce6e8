namespace KRaftSharp.Quorum.Transport;

/// <summary>Where a node listens. <paramref name="NodeId"/> is -1 where it is not known yet.</summary>
public readonly record struct PeerEndpoint(int NodeId, string Host, int Port);
