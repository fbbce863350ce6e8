namespace KRaftSharp.Client.Consumer;

/// <summary>What a broker answers when asked for an offset.</summary>
/// <param name="Offset">-1: no record is that late.</param>
/// <param name="TimestampMs">-1 where the offset is one of the log's ends.</param>
/// <param name="LeaderEpoch">-1 unknown.</param>
public readonly record struct OffsetAndTimestamp(long Offset, long TimestampMs, int LeaderEpoch);
