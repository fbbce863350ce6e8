namespace KRaftSharp.Client.Admin;

/// <summary>A partition's copy on one broker.</summary>
public readonly record struct TopicPartitionReplica(TopicPartition Partition, int BrokerId);
