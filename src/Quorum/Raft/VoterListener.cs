namespace KRaftSharp.Quorum.Raft;

/// <summary>One of a voter's listeners, as a VotersRecord names it (KIP-853).</summary>
public readonly record struct VoterListener(string Name, string Host, int Port);
