namespace KRaftSharp.Testing;

/// <summary>A record that a test has read, its key and value as UTF-8 texts.</summary>
public sealed record TestRecord(int Partition, long Offset, string? Key, string? Value);
