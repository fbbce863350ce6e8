namespace KRaftSharp.Protocol;

/// <summary>Bytes that belong at <paramref name="Position"/> of the bytes that were written, in front of what comes
/// there.</summary>
internal readonly record struct GatheredBytes(int Position, ReadOnlyMemory<byte> Bytes);
