using KRaftSharp.History;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Property.Simulation.Transactions;

/// <summary>The requests of one transactional producer, with the id and epoch that it has just now.</summary>
internal sealed class TransactionRequests(string transactionalId, bool isV2)
{
    private const short InitV1 = 4;
    private const short InitV2 = 5;
    private const short EndV1 = 4;
    private const short EndV2 = 5;
    private const short AddPartitionsVersion = 3;
    private const short AddOffsetsVersion = 3;
    private const short CommitV1 = 4;
    private const short CommitV2 = 5;

    public string TransactionalId => transactionalId;

    public bool IsV2 => isV2;

    public long ProducerId { get; private set; } = -1;

    public short Epoch { get; private set; } = -1;

    /// <summary>The next sequence of each partition.</summary>
    public Dictionary<PartitionId, int> Sequences { get; } = [];

    public void Become(long producerId, short epoch)
    {
        (ProducerId, Epoch) = (producerId, epoch);
        Sequences.Clear();
    }

    /// <param name="keepsId">Whether it asks for the next epoch of what it has (KIP-360).</param>
    public InitProducerIdRequest Initialize(int timeoutMs, bool keepsId, out short version)
    {
        version = isV2 ? InitV2 : InitV1;
        return new InitProducerIdRequest
        {
            TransactionalId = transactionalId,
            TransactionTimeoutMs = timeoutMs,
            ProducerId = keepsId ? ProducerId : -1,
            ProducerEpoch = keepsId ? Epoch : (short)-1,
        };
    }

    public EndTxnRequest End(bool isCommit, out short version)
    {
        version = isV2 ? EndV2 : EndV1;
        return new EndTxnRequest
        {
            TransactionalId = transactionalId,
            ProducerId = ProducerId,
            ProducerEpoch = Epoch,
            Committed = isCommit,
        };
    }

    public AddPartitionsToTxnRequest AddPartition(PartitionId partition, out short version)
    {
        version = AddPartitionsVersion;
        return new AddPartitionsToTxnRequest
        {
            V3AndBelowTransactionalId = transactionalId,
            V3AndBelowProducerId = ProducerId,
            V3AndBelowProducerEpoch = Epoch,
            V3AndBelowTopics =
            [
                new AddPartitionsToTxnRequest.AddPartitionsToTxnTopic
                {
                    Name = partition.Topic,
                    Partitions = [partition.Partition],
                },
            ],
        };
    }

    public AddOffsetsToTxnRequest AddOffsets(string group, out short version)
    {
        version = AddOffsetsVersion;
        return new AddOffsetsToTxnRequest
        {
            TransactionalId = transactionalId,
            ProducerId = ProducerId,
            ProducerEpoch = Epoch,
            GroupId = group,
        };
    }

    public TxnOffsetCommitRequest CommitOffsets(Consumed consumed, GroupIdentity identity, out short version)
    {
        version = isV2 ? CommitV2 : CommitV1;
        return new TxnOffsetCommitRequest
        {
            TransactionalId = transactionalId,
            GroupId = consumed.Group,
            ProducerId = ProducerId,
            ProducerEpoch = Epoch,
            GenerationIdOrMemberEpoch = identity.Epoch,
            MemberId = identity.MemberId,
            GroupInstanceId = identity.InstanceId,
            Topics =
            [
                new TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic
                {
                    Name = consumed.Partition.Topic,
                    Partitions =
                    [
                        new TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition
                        {
                            PartitionIndex = consumed.Partition.Partition,
                            CommittedOffset = consumed.To,
                            CommittedMetadata = "",
                        },
                    ],
                },
            ],
        };
    }
}
