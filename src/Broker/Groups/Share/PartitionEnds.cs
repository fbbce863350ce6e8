using KRaftSharp.Broker.Replication;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>How far partitions go, asked of their leaders. Any thread.</summary>
internal sealed class PartitionEnds(
    ReplicaManager replicas, BrokerRequests brokers, Func<MetadataImage> image, TimeSpan timeout)
{
    private const short RequestVersion = 7;
    private const int Consumer = -1;
    private const long Latest = -1;

    /// <summary>The high watermark of a partition, or why it is not known.</summary>
    public async Task<(ErrorCode Error, long Offset)> LatestAsync(TopicPartition partition)
    {
        if (image().Topics.Partition(partition.Topic, partition.Partition) is not { } registration)
        {
            return (ErrorCode.UnknownTopicOrPartition, -1);
        }

        if (registration.Leader == replicas.Options.BrokerId)
        {
            return replicas.Get(partition) is { View.IsLeader: true } local
                ? (ErrorCode.None, local.HighWatermark)
                : (ErrorCode.NotLeaderOrFollower, -1);
        }

        ListOffsetsRequest.ListOffsetsPartition asked = new()
        {
            PartitionIndex = partition.Partition,
            CurrentLeaderEpoch = -1,
            Timestamp = Latest,
        };
        ListOffsetsRequest request = new()
        {
            ReplicaId = Consumer,
            Topics = [new ListOffsetsRequest.ListOffsetsTopic { Name = partition.Topic, Partitions = [asked] }],
        };
        TaskCompletionSource<ListOffsetsResponse?> answered = new();
        brokers.Send<ListOffsetsResponse>(
            registration.Leader, request, RequestVersion, timeout, answered.SetResult);
        return await answered.Task is { Topics: [{ Partitions: [var found] }] }
            ? (found.ErrorCode, found.Offset)
            : (ErrorCode.NetworkException, -1);
    }
}
