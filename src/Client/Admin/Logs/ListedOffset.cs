namespace KRaftSharp.Client.Admin;

/// <summary>An offset that was looked up.</summary>
/// <param name="Offset">-1: there is none such.</param>
/// <param name="TimestampMs">Of the record there, where a time was looked for; else -1.</param>
/// <param name="LeaderEpoch">Of the record there; -1 unknown.</param>
public readonly record struct ListedOffset(long Offset, long TimestampMs, int LeaderEpoch);
