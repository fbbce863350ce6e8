using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups.Offsets;

/// <summary>What is to be committed for one partition.</summary>
internal readonly record struct PartitionCommit(
    TopicPartition Partition, Uuid TopicId, long Offset, int LeaderEpoch, string Metadata);
