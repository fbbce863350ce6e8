using System.Text;
using KRaftSharp.History;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Simulation.Clients;

/// <summary>
/// A producer of one partition as clients make them: a few batches under way at once, in order, each sent again until
/// it is acknowledged; idempotent ones with the sequence that the batch got first.
/// </summary>
internal sealed class ModelProducer(
    SimClient client, ClusterView view, ClientHistory history, PartitionId partition, short acks,
    bool isIdempotent)
{
    private const int MostInFlight = 4;
    private readonly List<Batch> _unacknowledged = [];
    private long _producerId = -1;
    private short _producerEpoch = -1;
    private int _nextSequence;
    private int _nextNumber;
    private bool _hasBeenAcknowledged;
    private ErrorCode? _lastError;

    /// <summary>No new records: what is under way is finished, then the producer ends.</summary>
    public bool IsDraining { get; set; }

    public bool IsDone { get; private set; }

    public int LongestPauseMs { get; init; } = 60;

    public string State => $"producer {client.Id} of {partition}: {_unacknowledged.Count} batches unacknowledged, "
        + $"id {_producerId}, sequence {_nextSequence}, last answer {_lastError?.ToString() ?? "none"}";

    /// <summary>Told of each acknowledged batch: its last offset.</summary>
    public Action<PartitionId, long>? Acknowledged { get; init; }

    private Guarantees Promised =>
        (acks == -1 ? Guarantees.Durable : Guarantees.None) | (isIdempotent ? Guarantees.Idempotent : Guarantees.None);

    public async Task RunAsync()
    {
        while (!IsDraining || _unacknowledged.Count > 0 || _nextNumber == 0)
        {
            if (isIdempotent && _producerId < 0 && !await TryInitAsync())
            {
                await client.WaitAsync(20, 200);
                continue;
            }

            if (view.Leader(partition.Topic, partition.Partition) is var leader && leader < 0)
            {
                await view.RefreshAsync(partition.Topic);
                await client.WaitAsync(5, 60);
                continue;
            }

            MakeBatches();
            await SendAllAsync(leader);
            await client.WaitAsync(0, client.Chance.Below(10) == 0 ? 500 : LongestPauseMs);
        }

        IsDone = true;
    }

    private async Task<bool> TryInitAsync()
    {
        var request = new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 60_000 };
        short version = ApiTable.Get(ApiKey.InitProducerId)!.HighestVersion;
        var response = await client.AskAsync(view.AnyNode(), request, version, "init") as InitProducerIdResponse;
        _lastError = response?.ErrorCode;
        if (response is { ErrorCode: ErrorCode.None })
        {
            _producerId = response.ProducerId;
            _producerEpoch = response.ProducerEpoch;
            return true;
        }

        return false;
    }

    private void MakeBatches()
    {
        // A log takes the first batch of a producer that it does not know at any sequence, so until one was
        // acknowledged a second one could overtake the first.
        int wanted = _hasBeenAcknowledged ? client.Chance.Between(1, MostInFlight) : 1;
        while ((!IsDraining || _nextNumber == 0) && _unacknowledged.Count < wanted)
        {
            int count = client.Chance.Between(1, 4);
            var records = new List<Sent>(count);
            for (int i = 0; i < count; i++)
            {
                records.Add(history.Operations.Send(
                    $"c{client.Id}", partition, $"c{client.Id}-{_nextNumber++}", Promised));
            }

            _unacknowledged.Add(new Batch(_nextSequence, records));
            _nextSequence += count;
        }
    }

    /// <summary>One round: everything unacknowledged is sent in order, then all answers are awaited.</summary>
    private async Task SendAllAsync(int leader)
    {
        List<Batch> round = [.. _unacknowledged];
        var answers = new List<Task<IApiMessage?>>(round.Count);
        foreach (Batch batch in round)
        {
            ProduceRequest request = Request(batch, out short version);
            answers.Add(client.AskAsync(leader, request, version, $"produce-{partition}"));
        }

        bool earlierFailed = false;
        for (int i = 0; i < round.Count; i++)
        {
            bool done = Conclude(round[i], await answers[i], earlierFailed);
            earlierFailed |= !done;
        }

        if (earlierFailed)
        {
            await client.WaitAsync(1, 50);
            await view.RefreshAsync(partition.Topic);
        }
    }

    private ProduceRequest Request(Batch batch, out short version)
    {
        var data = new ProduceRequest.TopicProduceData
        {
            PartitionData =
            [
                new ProduceRequest.PartitionProduceData
                {
                    Index = partition.Partition,
                    Records = Encode(batch),
                },
            ],
        };
        var request = new ProduceRequest { Acks = acks, TimeoutMs = 2000, TopicData = [data] };
        version = client.AnyVersion(request, 7);
        if (version >= 13)
        {
            data.TopicId = view.TopicId(partition.Topic)!.Value;
        }
        else
        {
            data.Name = partition.Topic;
        }

        return request;
    }

    private byte[] Encode(Batch batch)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            ProducerId = _producerId,
            ProducerEpoch = _producerEpoch,
            BaseSequence = isIdempotent ? batch.BaseSequence : -1,
        });
        foreach (Sent record in batch.Records)
        {
            builder.Append(
                1_767_225_600_000 + client.World.Scheduler.NowMs, null, Encoding.UTF8.GetBytes(record.Value));
        }

        return builder.Build().ToArray();
    }

    private bool Conclude(Batch batch, IApiMessage? answer, bool earlierFailed)
    {
        if (answer is not ProduceResponse { Responses: [{ PartitionResponses: [var result] }] })
        {
            return false;
        }

        _lastError = result.ErrorCode;
        switch (result.ErrorCode)
        {
            case ErrorCode.None:
                Acknowledge(batch, result.BaseOffset);
                return true;
            case ErrorCode.DuplicateSequenceNumber when isIdempotent:
                Acknowledge(batch, -1);
                return true;
            case ErrorCode.OutOfOrderSequenceNumber when isIdempotent && earlierFailed:
                return false;
            case var code when ErrorCodes.IsRetriable(code):
                return false;
            default:
                history.Anomalies.Add($"{State}: {result.ErrorCode} for {batch} at {client.World.Scheduler.NowMs} ms");
                return false;
        }
    }

    private void Acknowledge(Batch batch, long baseOffset)
    {
        _hasBeenAcknowledged = true;
        _unacknowledged.Remove(batch);
        foreach ((int i, Sent record) in batch.Records.Index())
        {
            record.Acknowledge(baseOffset >= 0 ? baseOffset + i : null);
        }

        if (acks == -1 && baseOffset >= 0)
        {
            Acknowledged?.Invoke(partition, baseOffset + batch.Records.Count - 1);
        }
    }

    private sealed record Batch(int BaseSequence, IReadOnlyList<Sent> Records)
    {
        public override string ToString() => $"{Records.Count} records from sequence {BaseSequence}";
    }
}
