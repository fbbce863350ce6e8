namespace KRaftSharp.Client;

/// <summary>A position to commit: the offset of the next record to read.</summary>
/// <param name="Offset">At least 0.</param>
/// <param name="Metadata">Whatever the application wants back with it.</param>
/// <param name="LeaderEpoch">The epoch of the last record read; -1 unknown (KIP-320).</param>
public readonly record struct OffsetAndMetadata(long Offset, string Metadata = "", int LeaderEpoch = -1);
