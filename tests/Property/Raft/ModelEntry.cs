using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Tests.Property.Raft;

/// <summary>One batch of one record; with voters it is one that changes them.</summary>
internal readonly record struct ModelEntry(int Epoch, long Value, VoterSet? Voters = null);
