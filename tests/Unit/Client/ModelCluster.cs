using KRaftSharp.Client;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Unit.Client;

/// <summary>Three brokers in memory with one topic: what a client may rely on, and no more. Faults come from a seed.
/// </summary>
internal sealed class ModelCluster : IConnector
{
    public const string Topic = "t";

    private readonly Lock _gate = new();
    private readonly Random _chance;
    private readonly ModelPartition[] _partitions;
    private readonly bool _faulty;
    private long _nextProducerId = 1000;

    public ModelCluster(int seed, int partitions, bool faulty, int transactionVersion = 2)
    {
        _chance = new Random(seed);
        _faulty = faulty;
        _partitions =
        [
            .. Enumerable.Range(0, partitions).Select(index => new ModelPartition { Leader = (index % 3) + 1 }),
        ];
        Transactions = new ModelTransactions(
            transactionVersion, _partitions, () => _faulty ? _chance.Next(100) : 100);
    }

    public ModelTransactions Transactions { get; }

    public static Uuid TopicId { get; } = new(7, 7);

    public IReadOnlyList<ModelPartition> Partitions => _partitions;

    public ClientRuntime Runtime => new(
        this, TimeProvider.System, 5, TaskCreationOptions.RunContinuationsAsynchronously,
        static loop => Task.Run(loop));

    public IBrokerChannel Open(BrokerAddress address) => new ModelChannel(this, address);

    /// <summary>What a broker answers; null breaks the connection.</summary>
    public IApiMessage? Handle(int brokerId, IApiMessage request)
    {
        lock (_gate)
        {
            return request switch
            {
                MetadataRequest => Metadata(),
                InitProducerIdRequest { TransactionalId: not null } init => Transactions.Init(init),
                ApiVersionsRequest => Transactions.Features(),
                FindCoordinatorRequest find => Transactions.Find(find),
                AddPartitionsToTxnRequest add => Transactions.Add(add),
                AddOffsetsToTxnRequest add => Transactions.AddOffsets(add),
                TxnOffsetCommitRequest commit => Transactions.CommitOffsets(commit),
                EndTxnRequest end => Transactions.EndTxn(end),
                InitProducerIdRequest => new InitProducerIdResponse { ProducerId = _nextProducerId++ },
                ProduceRequest produce => Produce(brokerId, produce),
                FetchRequest fetch => Fetch(brokerId, fetch),
                ListOffsetsRequest list => ListOffsets(list),
                OffsetForLeaderEpochRequest epochs => Epochs(epochs),
                _ => throw new InvalidOperationException($"the model does not know {request.Key}"),
            };
        }
    }

    /// <summary>Another leader in the next epoch.</summary>
    public void MoveLeader(int partition)
    {
        lock (_gate)
        {
            ModelPartition moved = _partitions[partition];
            moved.EpochEnds[moved.Epoch++] = moved.EndOffset;
            moved.Leader = (moved.Leader % 3) + 1;
        }
    }

    private MetadataResponse Metadata()
    {
        MetadataResponse answer = new() { ClusterId = "model", ControllerId = 1 };
        for (int id = 1; id <= 3; id++)
        {
            answer.Brokers.Add(new MetadataResponse.MetadataResponseBroker
            {
                NodeId = id,
                Host = "broker",
                Port = id,
            });
        }

        MetadataResponse.MetadataResponseTopic topic = new() { Name = Topic, TopicId = TopicId };
        for (int i = 0; i < _partitions.Length; i++)
        {
            topic.Partitions.Add(new MetadataResponse.MetadataResponsePartition
            {
                PartitionIndex = i,
                LeaderId = _partitions[i].Leader,
                LeaderEpoch = _partitions[i].Epoch,
                ReplicaNodes = [1, 2, 3],
                IsrNodes = [1, 2, 3],
            });
        }

        answer.Topics.Add(topic);
        return answer;
    }

    private ProduceResponse? Produce(int brokerId, ProduceRequest request)
    {
        int draw = _faulty ? _chance.Next(100) : 100;
        if (draw < 8)
        {
            return null; // lost before it was carried out
        }

        ProduceResponse answer = new();
        foreach (ProduceRequest.TopicProduceData topic in request.TopicData)
        {
            ProduceResponse.TopicProduceResponse topicAnswer = new() { Name = Topic, TopicId = TopicId };
            foreach (ProduceRequest.PartitionProduceData data in topic.PartitionData)
            {
                topicAnswer.PartitionResponses.Add(Append(brokerId, data, request.TransactionalId));
            }

            answer.Responses.Add(topicAnswer);
        }

        return draw < 16 ? null : answer; // lost after it was carried out
    }

    private ProduceResponse.PartitionProduceResponse Append(
        int brokerId, ProduceRequest.PartitionProduceData data, string? transactionalId)
    {
        ModelPartition partition = _partitions[data.Index];
        int draw = _faulty ? _chance.Next(100) : 100;
        if (draw < 4)
        {
            partition.Leader = (partition.Leader % 3) + 1;
            partition.Epoch++;
        }

        ProduceResponse.PartitionProduceResponse answer = new() { Index = data.Index };
        if (partition.Leader != brokerId)
        {
            answer.ErrorCode = ErrorCode.NotLeaderOrFollower;
            if (draw % 2 == 0)
            {
                answer.CurrentLeader = new ProduceResponse.LeaderIdAndEpoch
                {
                    LeaderId = partition.Leader,
                    LeaderEpoch = partition.Epoch,
                };
            }

            return answer;
        }

        if (draw is >= 4 and < 9)
        {
            answer.ErrorCode = ErrorCode.NotEnoughReplicas;
            return answer;
        }

        if (transactionalId is not null
            && Transactions.MayAppend(transactionalId, data.Index) is not ErrorCode.None and var refusal)
        {
            answer.ErrorCode = refusal;
            return answer;
        }

        (answer.ErrorCode, answer.BaseOffset) = partition.Append(data.Records!.Value.Span);
        if (draw is >= 9 and < 14 && answer.ErrorCode == ErrorCode.None)
        {
            answer.ErrorCode = ErrorCode.NotEnoughReplicasAfterAppend;
        }

        return answer;
    }

    private FetchResponse Fetch(int brokerId, FetchRequest request)
    {
        FetchResponse answer = new(); // without a session
        FetchResponse.FetchableTopicResponse topicAnswer = new() { Topic = Topic, TopicId = TopicId };
        foreach (FetchRequest.FetchPartition wanted in request.Topics.SelectMany(topic => topic.Partitions))
        {
            topicAnswer.Partitions.Add(_partitions[wanted.Partition].Read(brokerId, wanted));
        }

        answer.Responses.Add(topicAnswer);
        return answer;
    }

    private ListOffsetsResponse ListOffsets(ListOffsetsRequest request)
    {
        ListOffsetsResponse answer = new();
        ListOffsetsResponse.ListOffsetsTopicResponse topicAnswer = new() { Name = Topic };
        foreach (ListOffsetsRequest.ListOffsetsPartition wanted in request.Topics.SelectMany(topic => topic.Partitions))
        {
            ModelPartition partition = _partitions[wanted.PartitionIndex];
            topicAnswer.Partitions.Add(new ListOffsetsResponse.ListOffsetsPartitionResponse
            {
                PartitionIndex = wanted.PartitionIndex,
                Offset = wanted.Timestamp == -2 ? partition.StartOffset : partition.EndOffset,
                LeaderEpoch = partition.Epoch,
            });
        }

        answer.Topics.Add(topicAnswer);
        return answer;
    }

    private OffsetForLeaderEpochResponse Epochs(OffsetForLeaderEpochRequest request)
    {
        OffsetForLeaderEpochResponse answer = new();
        OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult topicAnswer = new() { Topic = Topic };
        foreach (var wanted in request.Topics.SelectMany(topic => topic.Partitions))
        {
            topicAnswer.Partitions.Add(new OffsetForLeaderEpochResponse.EpochEndOffset
            {
                Partition = wanted.Partition,
                LeaderEpoch = wanted.LeaderEpoch,
                EndOffset = _partitions[wanted.Partition].EpochEnds.GetValueOrDefault(
                    wanted.LeaderEpoch, _partitions[wanted.Partition].EndOffset),
            });
        }

        answer.Topics.Add(topicAnswer);
        return answer;
    }
}
