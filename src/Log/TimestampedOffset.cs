namespace KRaftSharp.Log;

/// <summary>
/// The answer to a lookup by time: a record's timestamp, its offset, and the leader epoch of its batch.
/// </summary>
public readonly record struct TimestampedOffset(long TimestampMs, long Offset, int LeaderEpoch);
