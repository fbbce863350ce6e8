using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Broker.Transactions;

/// <summary>Writes markers into the partitions that this node leads, and answers when they are replicated.</summary>
internal sealed class MarkerWriter(ReplicaManager replicas, TransactionOptions options, EndOffsets endOffsets)
{
    private const sbyte FirstVersionWithEpochs = 2;

    public async Task<WriteTxnMarkersResponse> WriteAsync(WriteTxnMarkersRequest request)
    {
        var response = new WriteTxnMarkersResponse();
        var operation = new ProduceOperation(-1);
        List<WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult> slots = [];
        List<(Task<ErrorCode> End, WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult Result)> offsets = [];
        foreach (WriteTxnMarkersRequest.WritableTxnMarker marker in request.Markers)
        {
            var answer = new WriteTxnMarkersResponse.WritableTxnMarkerResult { ProducerId = marker.ProducerId };
            response.Markers.Add(answer);
            foreach (WriteTxnMarkersRequest.WritableTxnMarkerTopic topic in marker.Topics)
            {
                var results = new WriteTxnMarkersResponse.WritableTxnMarkerTopicResult { Name = topic.Name };
                answer.Topics.Add(results);
                foreach (int index in topic.PartitionIndexes)
                {
                    var result = new WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult
                    {
                        PartitionIndex = index,
                    };
                    results.Partitions.Add(result);
                    if (replicas.Get(new TopicPartition(topic.Name, index)) is not { } partition)
                    {
                        result.ErrorCode = ErrorCode.UnknownTopicOrPartition;
                    }
                    else if (topic.Name == TopicNames.ConsumerOffsets)
                    {
                        offsets.Add((endOffsets(
                            index, new TransactionEnd(
                                new ProducerStamp(marker.ProducerId, marker.ProducerEpoch),
                                marker.CoordinatorEpoch, marker.TransactionResult, BumpsEpoch(marker))), result));
                    }
                    else
                    {
                        operation.Add(partition, AppendOf(marker), slots.Count);
                        slots.Add(result);
                    }
                }
            }
        }

        await AppendAsync(operation, slots);
        foreach ((Task<ErrorCode> end, WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult result) in offsets)
        {
            result.ErrorCode = await end;
        }

        return response;
    }

    private async Task AppendAsync(
        ProduceOperation operation, List<WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult> slots)
    {
        if (operation.Appends.Count == 0)
        {
            return;
        }

        operation.Start();
        replicas.Run(operation, options.RequestTimeoutMs);
        await operation.Completion;
        foreach (PartitionAppend append in operation.Appends)
        {
            slots[append.Slot].ErrorCode = append.Error;
        }
    }

    private LeaderAppend AppendOf(WriteTxnMarkersRequest.WritableTxnMarker marker)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            ProducerId = marker.ProducerId,
            ProducerEpoch = marker.ProducerEpoch,
            IsTransactional = true,
            IsControl = true,
        });
        ControlRecords.AppendEndTxnMarker(
            builder, replicas.Time.WallClockMs(), marker.TransactionResult, marker.CoordinatorEpoch);
        return new LeaderAppend(
            builder.Build().ToArray(),
            AppendOrigin.Coordinator,
            BumpsEpoch: BumpsEpoch(marker));
    }

    private static bool BumpsEpoch(WriteTxnMarkersRequest.WritableTxnMarker marker) =>
        marker.TransactionVersion >= FirstVersionWithEpochs;
}
