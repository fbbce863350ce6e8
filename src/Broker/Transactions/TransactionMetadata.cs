using System.Collections.Immutable;
using KRaftSharp.Log;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Transactions;

/// <summary>What the coordinator knows of one transactional id: its producer and its current or last transaction.
/// </summary>
internal sealed record TransactionMetadata
{
    public const long NoProducerId = -1;
    public const short NoEpoch = -1;
    public const long NoTimestamp = -1;

    public required string TransactionalId { get; init; }

    public required long ProducerId { get; init; }

    /// <summary>The id before the last rotation, so that a repeated request is recognised.</summary>
    public long PreviousProducerId { get; init; } = NoProducerId;

    /// <summary>The id that takes over when the transaction is complete: the epochs of this one are used up.</summary>
    public long NextProducerId { get; init; } = NoProducerId;

    public short ProducerEpoch { get; init; } = NoEpoch;

    /// <summary>The epoch before the last bump that its producer asked for (KIP-360). Not in the log.</summary>
    public short LastProducerEpoch { get; init; } = NoEpoch;

    public required int TimeoutMs { get; init; }

    public TransactionStatus Status { get; init; }

    public ImmutableSortedSet<TopicPartition> Partitions { get; init; } = [];

    public long StartTimestampMs { get; init; } = NoTimestamp;

    public long LastUpdateTimestampMs { get; init; } = NoTimestamp;

    /// <summary>2 when the producer gets a new epoch with each transaction (KIP-890), else 0.</summary>
    public short ClientVersion { get; init; }

    public bool IsEpochExhausted => ProducerEpoch >= short.MaxValue - 1;

    public bool IsPrepared => Status is TransactionStatus.PrepareCommit or TransactionStatus.PrepareAbort;

    public bool BumpsEpoch => ClientVersion >= TransactionRules.EpochBumpVersion;

    public bool Equals(TransactionMetadata? other) => other is not null
        && TransactionalId == other.TransactionalId && ProducerId == other.ProducerId
        && PreviousProducerId == other.PreviousProducerId && NextProducerId == other.NextProducerId
        && ProducerEpoch == other.ProducerEpoch && TimeoutMs == other.TimeoutMs && Status == other.Status
        && StartTimestampMs == other.StartTimestampMs && LastUpdateTimestampMs == other.LastUpdateTimestampMs
        && ClientVersion == other.ClientVersion && Partitions.SetEquals(other.Partitions);

    public override int GetHashCode() => HashCode.Combine(TransactionalId, ProducerId, ProducerEpoch, Status);

    /// <param name="version">Of the record; 0 has no place for what transactions v2 need, and does without it.</param>
    public TransactionLogValue ToValue(short version) => new()
    {
        ProducerId = ProducerId,
        PreviousProducerId = version > 0 ? PreviousProducerId : NoProducerId,
        NextProducerId = version > 0 ? NextProducerId : NoProducerId,
        ProducerEpoch = ProducerEpoch,
        TransactionTimeoutMs = TimeoutMs,
        TransactionStatus = (sbyte)Status,
        TransactionPartitions = Status == TransactionStatus.Empty ? null :
        [
            .. Partitions.GroupBy(static partition => partition.Topic).Select(
                static topic => new TransactionLogValue.PartitionsSchema
                {
                    Topic = topic.Key,
                    PartitionIds = [.. topic.Select(static partition => partition.Partition)],
                }),
        ],
        TransactionLastUpdateTimestampMs = LastUpdateTimestampMs,
        TransactionStartTimestampMs = StartTimestampMs,
        ClientTransactionVersion = version > 0 ? ClientVersion : (short)0,
    };

    public static TransactionMetadata Of(string transactionalId, TransactionLogValue value) => new()
    {
        TransactionalId = transactionalId,
        ProducerId = value.ProducerId,
        PreviousProducerId = value.PreviousProducerId,
        NextProducerId = value.NextProducerId,
        ProducerEpoch = value.ProducerEpoch,
        TimeoutMs = value.TransactionTimeoutMs,
        Status = (TransactionStatus)value.TransactionStatus,
        Partitions = value.TransactionPartitions is not { } topics ? [] :
        [
            .. topics.SelectMany(static topic =>
                topic.PartitionIds.Select(index => new TopicPartition(topic.Topic, index))),
        ],
        StartTimestampMs = value.TransactionStartTimestampMs,
        LastUpdateTimestampMs = value.TransactionLastUpdateTimestampMs,
        ClientVersion = value.ClientTransactionVersion,
    };
}
