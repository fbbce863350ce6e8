using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Tests.Property.Simulation.History;

namespace KRaftSharp.Tests.Property.Simulation.Clients;

/// <summary>Reads one partition from its start, again and again from somewhere before, and keeps what it saw.</summary>
internal sealed class ModelConsumer(
    SimClient client, ClusterView view, ClientHistory history, TopicPartitionName partition)
{
    private readonly int _id = client.Id;
    private long _offset;
    private int _reader;

    public bool IsStopping { get; set; }

    public async Task RunAsync()
    {
        while (!IsStopping)
        {
            int leader = view.Leader(partition.Topic, partition.Partition);
            if (leader < 0 || !await TryFetchAsync(leader))
            {
                await client.WaitAsync(5, 80);
                await view.RefreshAsync(partition.Topic);
                continue;
            }

            if (client.Chance.Below(30) == 0)
            {
                _offset = client.Chance.Below((int)Math.Min(int.MaxValue, _offset + 1));
                _reader++;
            }
        }
    }

    private async Task<bool> TryFetchAsync(int leader)
    {
        FetchRequest request = Request(out short version);
        IApiMessage? answer = await client.AskAsync(leader, request, version, $"fetch-{partition}");
        if (answer is not FetchResponse { ErrorCode: ErrorCode.None, Responses: [{ Partitions: [var data] }] })
        {
            return false;
        }

        if (data.ErrorCode != ErrorCode.None)
        {
            if (data.ErrorCode == ErrorCode.OffsetOutOfRange || !ErrorCodes.IsRetriable(data.ErrorCode))
            {
                history.Anomalies.Add(
                    $"consumer {_id} of {partition}: {data.ErrorCode} at offset {_offset}, "
                    + $"{client.World.Scheduler.NowMs} ms, node {leader}, version {version}, "
                    + $"log start {data.LogStartOffset}, "
                    + $"high watermark {data.HighWatermark}");
                IsStopping = true;
            }

            return false;
        }

        if (data.Records is { Length: > 0 } records)
        {
            Take(records.Span, data.HighWatermark);
        }

        return true;
    }

    private FetchRequest Request(out short version)
    {
        var topic = new FetchRequest.FetchTopic
        {
            Partitions =
            [
                new FetchRequest.FetchPartition
                {
                    Partition = partition.Partition,
                    FetchOffset = _offset,
                    PartitionMaxBytes = client.Chance.Between(60, 4000),
                },
            ],
        };
        var request = new FetchRequest
        {
            MaxWaitMs = client.Chance.Between(20, 500),
            MinBytes = client.Chance.Below(10) == 0 ? 0 : client.Chance.Between(1, 300),
            MaxBytes = 1 << 20,
            Topics = [topic],
        };
        version = client.AnyVersion(request, 7);
        if (version >= 13)
        {
            topic.TopicId = view.TopicId(partition.Topic)!.Value;
        }
        else
        {
            topic.Topic = partition.Topic;
        }

        return request;
    }

    private void Take(ReadOnlySpan<byte> records, long highWatermark)
    {
        var batches = new RecordBatchEnumerator(records);
        while (batches.MoveNext())
        {
            RecordBatchView batch = batches.Current;
            if (!batch.IsCrcValid())
            {
                history.Anomalies.Add($"consumer {_id} of {partition}: bad checksum at offset {batch.BaseOffset}");
            }

            if (batch.LastOffset >= highWatermark)
            {
                history.Anomalies.Add(
                    $"consumer {_id} of {partition}: offset {batch.LastOffset} is not below the high watermark "
                    + $"{highWatermark}");
            }

            foreach ((long offset, string value) in RecordTexts.Of(batch))
            {
                if (offset >= _offset)
                {
                    history.Reads.Add(new ReadRecord((_id * 1000) + _reader, partition, offset, value));
                    _offset = offset + 1;
                }
            }
        }
    }
}
