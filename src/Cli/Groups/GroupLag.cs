using KRaftSharp.Client;

namespace KRaftSharp.Cli.Groups;

/// <summary>How far a group is in a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Committed">-1: nothing yet.</param>
/// <param name="LogEnd">-1 unknown.</param>
/// <param name="Lag">-1 unknown.</param>
/// <param name="Member">Who has it; null: nobody.</param>
internal sealed record GroupLag(TopicPartition Partition, long Committed, long LogEnd, long Lag, string? Member);
