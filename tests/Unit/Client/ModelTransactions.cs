using KRaftSharp.Client;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Unit.Client;

/// <summary>The coordinator of the model: transactional ids, what their transactions hold, and how they end. Both
/// flows: with version 2 partitions add themselves and every end raises the epoch (KIP-890).</summary>
internal sealed class ModelTransactions(int version, IReadOnlyList<ModelPartition> partitions, Func<int> draw)
{
    private readonly Dictionary<string, Transaction> _byId = [];
    private long _nextProducerId = 5000;

    /// <summary>Offsets of groups whose transactions were committed.</summary>
    public Dictionary<TopicPartition, long> CommittedOffsets { get; } = [];

    public bool IsImplicit => version >= 2;

    public ApiVersionsResponse Features()
    {
        ApiVersionsResponse answer = new();
        answer.FinalizedFeatures.Add(new ApiVersionsResponse.FinalizedFeatureKey
        {
            Name = "transaction.version",
            MaxVersionLevel = (short)version,
            MinVersionLevel = (short)version,
        });
        return answer;
    }

    public FindCoordinatorResponse Find(FindCoordinatorRequest request)
    {
        FindCoordinatorResponse answer = new();
        answer.Coordinators.AddRange(request.CoordinatorKeys.Select(key => new FindCoordinatorResponse.Coordinator
        {
            Key = key,
            NodeId = 2,
            Host = "broker",
            Port = 2,
            ErrorCode = draw() < 10 ? ErrorCode.CoordinatorNotAvailable : ErrorCode.None,
        }));
        return answer;
    }

    public InitProducerIdResponse Init(InitProducerIdRequest request)
    {
        if (!_byId.TryGetValue(request.TransactionalId!, out Transaction? known))
        {
            _byId.Add(request.TransactionalId!, known = new Transaction(_nextProducerId++));
        }
        else if (request.ProducerId >= 0 && request.ProducerEpoch != known.Epoch)
        {
            return new InitProducerIdResponse { ErrorCode = ErrorCode.ProducerFenced };
        }
        else
        {
            End(known, commit: false, raise: true);
        }

        return new InitProducerIdResponse { ProducerId = known.ProducerId, ProducerEpoch = known.Epoch };
    }

    public AddPartitionsToTxnResponse Add(AddPartitionsToTxnRequest request)
    {
        Assert.False(IsImplicit, "the later flow does not add partitions");
        Transaction known = _byId[request.V3AndBelowTransactionalId];
        ErrorCode error = draw() < 10 ? ErrorCode.ConcurrentTransactions
            : request.V3AndBelowProducerEpoch != known.Epoch ? ErrorCode.InvalidProducerEpoch
            : ErrorCode.None;
        AddPartitionsToTxnResponse answer = new();
        AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult topic = new() { Name = ModelCluster.Topic };
        foreach (int partition in request.V3AndBelowTopics.SelectMany(entry => entry.Partitions))
        {
            if (error == ErrorCode.None)
            {
                known.Partitions.Add(partition);
                known.LastEnd = null;
            }

            topic.ResultsByPartition.Add(new AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult
            {
                PartitionIndex = partition,
                PartitionErrorCode = (short)error,
            });
        }

        answer.ResultsByTopicV3AndBelow.Add(topic);
        return answer;
    }

    /// <summary>Whether a batch may be appended; in the later flow this adds the partition.</summary>
    public ErrorCode MayAppend(string id, int partition)
    {
        Transaction known = _byId[id];
        if (draw() < 3)
        {
            return ErrorCode.TransactionAbortable;
        }

        if (IsImplicit)
        {
            known.Partitions.Add(partition);
        }

        return known.Partitions.Contains(partition) ? ErrorCode.None : ErrorCode.InvalidTxnState;
    }

    public AddOffsetsToTxnResponse AddOffsets(AddOffsetsToTxnRequest request)
    {
        Assert.False(IsImplicit, "the later flow does not add offsets");
        Transaction known = _byId[request.TransactionalId];
        known.HasGroup = true;
        known.LastEnd = null;
        return new AddOffsetsToTxnResponse();
    }

    public TxnOffsetCommitResponse CommitOffsets(TxnOffsetCommitRequest request)
    {
        Transaction known = _byId[request.TransactionalId];
        ErrorCode error = draw() < 10 ? ErrorCode.CoordinatorLoadInProgress
            : request.GenerationIdOrMemberEpoch == 1 ? ErrorCode.IllegalGeneration
            : IsImplicit || known.HasGroup ? ErrorCode.None : ErrorCode.InvalidTxnState;
        TxnOffsetCommitResponse answer = new();
        foreach (TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic topic in request.Topics)
        {
            TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic entry = new() { Name = topic.Name };
            foreach (TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition partition in topic.Partitions)
            {
                if (error == ErrorCode.None)
                {
                    known.Offsets[new TopicPartition(topic.Name, partition.PartitionIndex)] =
                        partition.CommittedOffset;
                }

                entry.Partitions.Add(new TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = error,
                });
            }

            answer.Topics.Add(entry);
        }

        return answer;
    }

    /// <summary>Null: carried out or not, the answer is lost.</summary>
    public EndTxnResponse? EndTxn(EndTxnRequest request)
    {
        Transaction known = _byId[request.TransactionalId];
        int fate = draw();
        if (fate < 10)
        {
            return null;
        }

        bool isRepeated = known.LastEnd == (request.ProducerEpoch, request.Committed);
        if (!isRepeated && request.ProducerEpoch != known.Epoch)
        {
            return new EndTxnResponse { ErrorCode = ErrorCode.InvalidProducerEpoch };
        }

        if (!isRepeated)
        {
            known.LastEnd = (request.ProducerEpoch, request.Committed);
            End(known, request.Committed, raise: IsImplicit);
        }

        return fate < 25 ? null : new EndTxnResponse
        {
            ProducerId = IsImplicit ? known.ProducerId : -1,
            ProducerEpoch = IsImplicit ? known.Epoch : (short)-1,
        };
    }

    private void End(Transaction known, bool commit, bool raise)
    {
        known.Epoch += raise ? (short)1 : (short)0;
        foreach (int partition in known.Partitions)
        {
            partitions[partition].EndTransaction(known.ProducerId, commit, raise ? known.Epoch : null);
        }

        foreach ((TopicPartition partition, long offset) in known.Offsets)
        {
            if (commit)
            {
                CommittedOffsets[partition] = offset;
            }
        }

        known.Partitions.Clear();
        known.Offsets.Clear();
        known.HasGroup = false;
    }

    private sealed class Transaction(long producerId)
    {
        public long ProducerId => producerId;

        public short Epoch { get; set; }

        public SortedSet<int> Partitions { get; } = [];

        public Dictionary<TopicPartition, long> Offsets { get; } = [];

        public bool HasGroup { get; set; }

        /// <summary>The end that a repeated request would ask for again.</summary>
        public (short Epoch, bool Commit)? LastEnd { get; set; }
    }
}
