using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Admin;

/// <summary>A topic as DescribeTopicPartitions tells of it.</summary>
public sealed record TopicDescription(
    string Name, Uuid Id, bool IsInternal, IReadOnlyList<PartitionDescription> Partitions);
