using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Broker.Replication.Reading;
using KRaftSharp.Log;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// ListOffsets v1-11. v2 isolation; v4 leader epochs; v5 OFFSET_NOT_AVAILABLE; v7 the greatest timestamp (-3); v8 the
/// local log start (-4); v9 the last tiered offset (-5); v10 a timeout for remote lookups; v11 the earliest offset
/// that is still to be tiered (-6). Nothing is tiered here.
/// </summary>
public sealed class ListOffsetsHandler(ReplicaManager replicas) : IRequestHandler
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LatestTiered = -5;
    private const long EarliestPendingUpload = -6;
    private const short FirstVersionWithEpoch = 4;
    private const short FirstVersionWithNotAvailable = 5;
    private const int Consumer = -1;
    private const int DebuggingReplica = -2;
    private const sbyte ReadCommitted = 1;

    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var list = (ListOffsetsRequest)request;
        var response = new ListOffsetsResponse();
        foreach (ListOffsetsRequest.ListOffsetsTopic topic in list.Topics)
        {
            var answers = new ListOffsetsResponse.ListOffsetsTopicResponse { Name = topic.Name };
            Dictionary<int, int> counts = [];
            foreach (ListOffsetsRequest.ListOffsetsPartition asked in topic.Partitions)
            {
                counts[asked.PartitionIndex] = counts.GetValueOrDefault(asked.PartitionIndex) + 1;
            }

            foreach (ListOffsetsRequest.ListOffsetsPartition asked in topic.Partitions)
            {
                if (counts.Remove(asked.PartitionIndex, out int count))
                {
                    ListOffsetsResponse.ListOffsetsPartitionResponse answer = count > 1
                        ? Failed(asked, ErrorCode.InvalidRequest)
                        : Answer(context, list, topic.Name, asked);
                    answer.LeaderEpoch = context.Version >= FirstVersionWithEpoch ? answer.LeaderEpoch : -1;
                    answers.Partitions.Add(answer);
                }
            }

            response.Topics.Add(answers);
        }

        return new(response);
    }

    private ListOffsetsResponse.ListOffsetsPartitionResponse Answer(
        RequestContext context, ListOffsetsRequest list, string topic, ListOffsetsRequest.ListOffsetsPartition asked)
    {
        if (!IsSupported(asked.Timestamp, context.Version))
        {
            return Failed(asked, ErrorCode.UnsupportedVersion);
        }

        var name = new TopicPartition(topic, asked.PartitionIndex);
        if (replicas.Get(name) is not { } partition)
        {
            return Failed(asked, replicas.WhyMissing(topic, asked.PartitionIndex));
        }

        ReplicaView view = partition.View;
        bool requiresLeader = list.ReplicaId != DebuggingReplica;
        ErrorCode error = PartitionReader.CheckEpoch(view, asked.CurrentLeaderEpoch, requiresLeader);
        if (error != ErrorCode.None)
        {
            return Failed(asked, error);
        }

        try
        {
            return Look(context, list, partition, view, asked);
        }
        catch (StorageException)
        {
            return Failed(asked, ErrorCode.KafkaStorageError);
        }
    }

    private static ListOffsetsResponse.ListOffsetsPartitionResponse Look(
        RequestContext context, ListOffsetsRequest list, Partition partition, ReplicaView view,
        ListOffsetsRequest.ListOffsetsPartition asked)
    {
        PartitionLog log = partition.Log;
        bool isConsumer = list.ReplicaId == Consumer;
        long end = log.LogEndOffset;
        if (isConsumer)
        {
            end = list.IsolationLevel == ReadCommitted ? log.LastStableOffset : log.HighWatermark;
        }

        // A new leader does not know yet what its predecessors had committed: their answers may have been greater.
        bool isBehind = isConsumer && view.IsLeader && end < view.EpochStartOffset;
        ErrorCode behind = context.Version >= FirstVersionWithNotAvailable
            ? ErrorCode.OffsetNotAvailable
            : ErrorCode.LeaderNotAvailable;
        switch (asked.Timestamp)
        {
            case Latest:
                return isBehind ? Failed(asked, behind) : Found(asked, -1, end, view.LeaderEpoch);
            case Earliest or EarliestLocal:
                long start = log.LogStartOffset;
                return Found(asked, -1, start, log.Epochs.EpochOf(start));
            case LatestTiered or EarliestPendingUpload:
                return Found(asked, -1, -1, -1);
        }

        TimestampedOffset? found = asked.Timestamp == MaxTimestamp
            ? log.FindMaxTimestamp()
            : log.FindOffsetByTimestamp(asked.Timestamp);
        if (found is not { } at)
        {
            return Found(asked, -1, -1, -1);
        }

        if (at.Offset < end)
        {
            return Found(asked, at.TimestampMs, at.Offset, at.LeaderEpoch);
        }

        return isBehind ? Failed(asked, behind) : Found(asked, -1, -1, -1);
    }

    private static bool IsSupported(long timestamp, short version) => timestamp switch
    {
        >= Earliest => true,
        MaxTimestamp => version >= 7,
        EarliestLocal => version >= 8,
        LatestTiered => version >= 9,
        EarliestPendingUpload => version >= 11,
        _ => false,
    };

    private static ListOffsetsResponse.ListOffsetsPartitionResponse Found(
        ListOffsetsRequest.ListOffsetsPartition asked, long timestamp, long offset, int epoch) => new()
        {
            PartitionIndex = asked.PartitionIndex,
            Timestamp = timestamp,
            Offset = offset,
            LeaderEpoch = epoch,
        };

    private static ListOffsetsResponse.ListOffsetsPartitionResponse Failed(
        ListOffsetsRequest.ListOffsetsPartition asked, ErrorCode error) =>
        new() { PartitionIndex = asked.PartitionIndex, ErrorCode = error };
}
