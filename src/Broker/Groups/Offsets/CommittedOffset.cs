namespace KRaftSharp.Broker.Groups.Offsets;

/// <summary>What a group has committed for a partition.</summary>
/// <param name="LeaderEpoch">-1 when the client told none.</param>
/// <param name="ExpireTimestampMs">Set by old clients with a retention of their own; -1 otherwise.</param>
/// <param name="LogOffset">Where the record lies in the coordinator's log.</param>
internal sealed record CommittedOffset(
    long Offset, int LeaderEpoch, string Metadata, long TimestampMs, long ExpireTimestampMs, long LogOffset);
