using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Transactions;

/// <summary>An error for each partition of a transaction.</summary>
internal sealed record PartitionErrors(IReadOnlyList<(TopicPartition Partition, ErrorCode Error)> Errors)
{
    public static PartitionErrors All(IEnumerable<TopicPartition> partitions, ErrorCode error) =>
        new([.. partitions.Select(partition => (partition, error))]);
}
