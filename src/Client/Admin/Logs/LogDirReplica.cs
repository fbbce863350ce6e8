namespace KRaftSharp.Client.Admin;

/// <summary>A replica in a folder.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="SizeBytes">Of its segments.</param>
/// <param name="OffsetLag">Behind the high watermark; of a moving replica, behind the one it replaces.</param>
/// <param name="IsFuture">It is being moved here.</param>
public sealed record LogDirReplica(TopicPartition Partition, long SizeBytes, long OffsetLag, bool IsFuture);
