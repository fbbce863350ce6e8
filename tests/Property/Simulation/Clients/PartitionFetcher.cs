using KRaftSharp.History;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Simulation.Clients;

/// <summary>Fetches as consumers do: leaves out what is before the offset, markers, and for read_committed what was
/// aborted.</summary>
internal sealed class PartitionFetcher(SimClient client, ClusterView view)
{
    private const short FirstVersionWithIds = 13;

    /// <summary>Null when the leader is not known or did not answer.</summary>
    public async Task<Fetched?> FetchAsync(PartitionId partition, long offset, Isolation isolation, int maxWaitMs)
    {
        int leader = view.Leader(partition.Topic, partition.Partition);
        if (leader < 0)
        {
            return null;
        }

        FetchRequest request = Request(partition, offset, isolation, maxWaitMs, out short version);
        IApiMessage? answer = await client.AskAsync(leader, request, version, $"fetch-{partition}");
        if (answer is not FetchResponse { ErrorCode: ErrorCode.None, Responses: [{ Partitions: [var data] }] })
        {
            return null;
        }

        if (data.ErrorCode != ErrorCode.None)
        {
            bool isOdd = data.ErrorCode == ErrorCode.OffsetOutOfRange || !ErrorCodes.IsRetriable(data.ErrorCode);
            return Fetched.Failed(
                data.ErrorCode,
                !isOdd ? "" : $"{data.ErrorCode} at offset {offset} of {partition}, {client.World.Scheduler.NowMs} ms, "
                    + $"node {leader}, version {version}, log start {data.LogStartOffset}, high watermark "
                    + $"{data.HighWatermark}");
        }

        bool isCommitted = isolation == Isolation.ReadCommitted;
        long end = isCommitted ? data.LastStableOffset : data.HighWatermark;
        if (data.LastStableOffset > data.HighWatermark)
        {
            return Fetched.Failed(ErrorCode.None, $"the last stable offset of {partition} is {data.LastStableOffset}, "
                + $"the high watermark {data.HighWatermark}");
        }

        Queue<(long FirstOffset, long ProducerId)> aborted = new(isCommitted
            ? (data.AbortedTransactions ?? []).Select(found => (found.FirstOffset, found.ProducerId)).Order()
            : []);
        return Take(partition, data.Records is { } records ? records.Span : default, offset, end, aborted);
    }

    private FetchRequest Request(
        PartitionId partition, long offset, Isolation isolation, int maxWaitMs, out short version)
    {
        var topic = new FetchRequest.FetchTopic
        {
            Partitions =
            [
                new FetchRequest.FetchPartition
                {
                    Partition = partition.Partition,
                    FetchOffset = offset,
                    PartitionMaxBytes = client.Chance.Between(60, 4000),
                },
            ],
        };
        var request = new FetchRequest
        {
            MaxWaitMs = client.Chance.Between(20, maxWaitMs),
            MinBytes = client.Chance.Below(10) == 0 ? 0 : client.Chance.Between(1, 300),
            MaxBytes = 1 << 20,
            IsolationLevel = (sbyte)isolation,
            Topics = [topic],
        };
        version = client.AnyVersion(request, 7);
        if (version >= FirstVersionWithIds)
        {
            topic.TopicId = view.TopicId(partition.Topic)!.Value;
        }
        else
        {
            topic.Topic = partition.Topic;
        }

        return request;
    }

    private static Fetched Take(
        PartitionId partition, ReadOnlySpan<byte> bytes, long from, long end,
        Queue<(long FirstOffset, long ProducerId)> aborted)
    {
        var seen = new List<(long, string)>();
        var abortedProducers = new HashSet<long>();
        string anomaly = "";
        long next = from;
        var batches = new RecordBatchEnumerator(bytes);
        while (batches.MoveNext())
        {
            RecordBatchView batch = batches.Current;
            next = Math.Max(next, batch.NextOffset);
            anomaly = !batch.IsCrcValid() ? $"bad checksum at {batch.BaseOffset} of {partition}"
                : batch.LastOffset >= end ? $"offset {batch.LastOffset} of {partition} is not below {end}"
                : anomaly;
            while (aborted.TryPeek(out var first) && first.FirstOffset <= batch.LastOffset)
            {
                abortedProducers.Add(aborted.Dequeue().ProducerId);
            }

            if (batch.IsControl)
            {
                if (RecordTexts.MarkerOf(batch) == ControlRecordType.Abort)
                {
                    abortedProducers.Remove(batch.ProducerId);
                }
            }
            else if (!batch.IsTransactional || !abortedProducers.Contains(batch.ProducerId))
            {
                seen.AddRange(RecordTexts.Of(batch).Where(record => record.Offset >= from));
            }
        }

        return new Fetched(ErrorCode.None, seen, next, end, anomaly);
    }
}
