namespace KRaftSharp.Tests.Property.Raft;

/// <summary>One batch of one record.</summary>
internal readonly record struct ModelEntry(int Epoch, long Value);
