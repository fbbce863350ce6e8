using System.Text;
using KRaftSharp.History;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Tests.Property.Simulation.Clients;

namespace KRaftSharp.Tests.Property.Simulation.Transactions;

/// <summary>The records and offsets of a session's transactions.</summary>
internal sealed class TransactionalSender(
    SimClient client, ClusterView view, ClientHistory history, TransactionRequests requests, CoordinatorFinder finder)
{
    private const short LastProduceV1 = 11;
    private const short FirstProduceV2 = 12;
    private const short FirstProduceWithIds = 13;
    private const int MostTries = 12;
    private const int LatestMs = 7000;
    private readonly HashSet<PartitionId> _added = [];
    private readonly HashSet<string> _addedGroups = new(StringComparer.Ordinal);
    private SentTransaction? _transaction;

    /// <summary>Whether a request of this transaction may still be on its way. The first kind of producers has to take
    /// a new epoch then, or the request might be taken for one of the next transaction.</summary>
    public bool HasLostAnswer { get; private set; }

    public bool HasAnything => _added.Count > 0 || _addedGroups.Count > 0;

    public void Begin(SentTransaction transaction)
    {
        _transaction = transaction;
        _added.Clear();
        _addedGroups.Clear();
        HasLostAnswer = false;
    }

    public async Task<StepResult> SendAsync(string producer, PartitionId partition, IReadOnlyList<string> values)
    {
        if (!requests.IsV2 && _added.Add(partition))
        {
            AddPartitionsToTxnRequest add = requests.AddPartition(partition, out short addVersion);
            StepResult added = await AskCoordinatorAsync(finder, add, addVersion, answer =>
                (answer as AddPartitionsToTxnResponse)?.ResultsByTopicV3AndBelow is
                    [{ ResultsByPartition: [var result] }] ? (ErrorCode)result.PartitionErrorCode : null);
            if (added != StepResult.Done)
            {
                return added;
            }
        }

        List<Sent> records = [.. values.Select(value =>
            history.Operations.Send(producer, partition, value, transaction: _transaction))];
        int sequence = requests.Sequences.GetValueOrDefault(partition);
        byte[] batch = Encode(values, sequence);
        if (client.Chance.Below(30) == 0)
        {
            // Held back on its way: its sender has given up and aborted long before it arrives.
            HasLostAnswer = true;
            SendLate(partition, batch);
            return StepResult.MustAbort;
        }

        for (int tries = 0; tries < MostTries; tries++)
        {
            if (view.Leader(partition.Topic, partition.Partition) is >= 0 and var leader)
            {
                ProduceRequest request = Request(partition, batch, out short version);
                IApiMessage? answer = await client.AskAsync(leader, request, version, "txn-produce");
                if (answer is ProduceResponse { Responses: [{ PartitionResponses: [var result] }] })
                {
                    if (Conclude(result.ErrorCode) is { } concluded)
                    {
                        Acknowledge(records, concluded, result);
                        requests.Sequences[partition] = sequence + values.Count;
                        LateProduce(partition, batch);
                        return concluded;
                    }
                }

                HasLostAnswer = true;
            }

            await client.WaitAsync(10, 150);
            await view.RefreshAsync(partition.Topic);
        }

        return StepResult.MustAbort;
    }

    public async Task<StepResult> CommitOffsetsAsync(CoordinatorFinder group, Consumed consumed, GroupIdentity identity)
    {
        if (!requests.IsV2 && _addedGroups.Add(consumed.Group))
        {
            AddOffsetsToTxnRequest add = requests.AddOffsets(consumed.Group, out short addVersion);
            StepResult added = await AskCoordinatorAsync(
                finder, add, addVersion, answer => (answer as AddOffsetsToTxnResponse)?.ErrorCode);
            if (added != StepResult.Done)
            {
                return added;
            }
        }

        TxnOffsetCommitRequest commit = requests.CommitOffsets(consumed, identity, out short version);
        StepResult result = await AskCoordinatorAsync(group, commit, version, answer =>
            (answer as TxnOffsetCommitResponse)?.Topics is [{ Partitions: [var partition] }]
                ? partition.ErrorCode
                : null);
        Late(commit, version, group);
        return result;
    }

    /// <summary>Now and then the request arrives once more, long after its transaction has ended.</summary>
    public void Late(IApiMessage request, short version, CoordinatorFinder? at = null)
    {
        if (client.Chance.Below(6) == 0)
        {
            (long, short) self = (requests.ProducerId, requests.Epoch);
            client.Start(async () =>
            {
                await client.WaitAsync(300, LatestMs);
                // In the same epoch the first kind of producers has no protection from its own past.
                if (self != (requests.ProducerId, requests.Epoch))
                {
                    await (at ?? finder).AskAsync(request, version, "late");
                }
            });
        }
    }

    private void LateProduce(PartitionId partition, byte[] batch)
    {
        if (client.Chance.Below(6) == 0)
        {
            SendLate(partition, batch);
        }
    }

    private void SendLate(PartitionId partition, byte[] batch) => client.Start(async () =>
    {
        await client.WaitAsync(300, LatestMs);
        if (view.Leader(partition.Topic, partition.Partition) is >= 0 and var leader)
        {
            ProduceRequest request = Request(partition, batch, out short version);
            await client.AskAsync(leader, request, version, "late");
        }
    });

    private static void Acknowledge(
        List<Sent> records, StepResult result, ProduceResponse.PartitionProduceResponse answer)
    {
        if (result == StepResult.Done)
        {
            foreach ((int i, Sent record) in records.Index())
            {
                record.Acknowledge(
                    answer.ErrorCode == ErrorCode.None && answer.BaseOffset >= 0 ? answer.BaseOffset + i : null);
            }
        }
    }

    private async Task<StepResult> AskCoordinatorAsync(
        CoordinatorFinder coordinator, IApiMessage request, short version, Func<IApiMessage?, ErrorCode?> result)
    {
        for (int tries = 0; tries < MostTries; tries++)
        {
            ErrorCode? error = result(await coordinator.AskAsync(request, version, "txn"));
            if (error is { } code)
            {
                coordinator.IsMisplaced(code);
                if (Conclude(code) is { } concluded)
                {
                    return concluded;
                }
            }

            HasLostAnswer = true;
            await client.WaitAsync(20, 150);
        }

        return StepResult.MustAbort;
    }

    /// <summary>Null for what has to be asked again.</summary>
    private StepResult? Conclude(ErrorCode error)
    {
        switch (error)
        {
            case ErrorCode.None or ErrorCode.DuplicateSequenceNumber:
                return StepResult.Done;
            case ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.InvalidProducerIdMapping:
                return StepResult.Fenced;
            case ErrorCode.InvalidTxnState or ErrorCode.TransactionAbortable or ErrorCode.OutOfOrderSequenceNumber
                or ErrorCode.UnknownProducerId or ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId
                or ErrorCode.FencedInstanceId or ErrorCode.StaleMemberEpoch or ErrorCode.RebalanceInProgress:
                HasLostAnswer = true;
                return StepResult.MustAbort;
            case ErrorCode.ConcurrentTransactions:
            case var _ when ErrorCodes.IsRetriable(error):
                return null;
            default:
                history.Anomalies.Add($"{requests.TransactionalId} of client {client.Id} is answered {error}");
                return StepResult.Fenced;
        }
    }

    private ProduceRequest Request(PartitionId partition, byte[] batch, out short version)
    {
        var data = new ProduceRequest.TopicProduceData
        {
            PartitionData =
            [
                new ProduceRequest.PartitionProduceData { Index = partition.Partition, Records = batch },
            ],
        };
        version = requests.IsV2
            ? (short)client.Chance.Between(FirstProduceV2, FirstProduceWithIds)
            : LastProduceV1;
        if (version >= FirstProduceWithIds)
        {
            data.TopicId = view.TopicId(partition.Topic)!.Value;
        }
        else
        {
            data.Name = partition.Topic;
        }

        return new ProduceRequest
        {
            TransactionalId = requests.TransactionalId,
            Acks = -1,
            TimeoutMs = 2000,
            TopicData = [data],
        };
    }

    private byte[] Encode(IReadOnlyList<string> values, int sequence)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            ProducerId = requests.ProducerId,
            ProducerEpoch = requests.Epoch,
            BaseSequence = sequence,
            IsTransactional = true,
        });
        foreach (string value in values)
        {
            builder.Append(
                1_767_225_600_000 + client.World.Scheduler.NowMs, null, Encoding.UTF8.GetBytes(value));
        }

        return builder.Build().ToArray();
    }
}
