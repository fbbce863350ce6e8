namespace KRaftSharp.Protocol;

/// <summary>One tagged field in raw form.</summary>
public readonly record struct TaggedField(int Tag, ReadOnlyMemory<byte> Data);
