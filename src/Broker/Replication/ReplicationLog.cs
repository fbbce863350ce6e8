using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Replication;

/// <summary>Everything that replication logs: events 4300 to 4499, never reused.</summary>
internal static partial class ReplicationLog
{
    [LoggerMessage(4300, LogLevel.Information,
        "{Partition}: leads in epoch {Epoch} from offset {EndOffset}, high watermark {HighWatermark}")]
    public static partial void Leads(
        ILogger logger, TopicPartition partition, int epoch, long endOffset, long highWatermark);

    [LoggerMessage(4301, LogLevel.Information,
        "{Partition}: follows broker {Leader} in epoch {Epoch} from offset {EndOffset}")]
    public static partial void Follows(
        ILogger logger, TopicPartition partition, int leader, int epoch, long endOffset);

    [LoggerMessage(4302, LogLevel.Information, "{Partition}: ISR is now [{Isr}] at partition epoch {PartitionEpoch}")]
    public static partial void IsrChanged(ILogger logger, TopicPartition partition, string isr, int partitionEpoch);

    [LoggerMessage(4303, LogLevel.Information, "{Partition}: the controller refused the ISR asked for: {Error}")]
    public static partial void IsrRefused(ILogger logger, TopicPartition partition, ErrorCode error);

    [LoggerMessage(4304, LogLevel.Error, "{Partition}: its log failed")]
    public static partial void StorageFailed(ILogger logger, TopicPartition partition, Exception error);

    [LoggerMessage(4305, LogLevel.Information,
        "{Partition}: truncated from {EndOffset} to {Offset}, where epoch {Epoch} of the leader ends")]
    public static partial void Truncated(
        ILogger logger, TopicPartition partition, long endOffset, long offset, int epoch);

    [LoggerMessage(4306, LogLevel.Warning,
        "{Partition}: out of the leader's range, starts afresh at {Offset} (was {EndOffset})")]
    public static partial void StartsAfresh(ILogger logger, TopicPartition partition, long offset, long endOffset);

    [LoggerMessage(4307, LogLevel.Information, "fetcher of broker {Leader}: {Status}")]
    public static partial void LeaderUnreachable(ILogger logger, int leader, RpcStatus status);

    [LoggerMessage(4308, LogLevel.Debug, "{Partition}: broker {Leader} answers {Error} to a fetch")]
    public static partial void FetchRefused(
        ILogger logger, TopicPartition partition, int leader, ErrorCode error);

    [LoggerMessage(4309, LogLevel.Debug, "fetcher of broker {Leader}: session ends: {Error}")]
    public static partial void SessionLost(ILogger logger, int leader, ErrorCode error);

    [LoggerMessage(4310, LogLevel.Error,
        "{Partition}: records of broker {Leader} cannot be appended: {Error} {Message}")]
    public static partial void RecordsRefused(
        ILogger logger, TopicPartition partition, int leader, ErrorCode error, string? message);

    [LoggerMessage(4311, LogLevel.Debug, "AlterPartition ended with {Error}, {Count} partitions ask again")]
    public static partial void AlterPartitionFailed(ILogger logger, string error, int count);

    [LoggerMessage(4312, LogLevel.Information, "{Partition}: deleted, topic id {TopicId}")]
    public static partial void Deleted(ILogger logger, TopicPartition partition, Uuid topicId);

    [LoggerMessage(4313, LogLevel.Warning, "{Partition}: no replica of this node, its log {TopicId} goes")]
    public static partial void Stray(ILogger logger, TopicPartition partition, Uuid topicId);

    [LoggerMessage(4314, LogLevel.Error, "writing the checkpoints failed")]
    public static partial void CheckpointFailed(ILogger logger, Exception error);

    [LoggerMessage(4316, LogLevel.Debug, "{Partition}: asks for ISR [{Isr}] on partition epoch {PartitionEpoch}")]
    public static partial void IsrAsked(ILogger logger, TopicPartition partition, string isr, int partitionEpoch);

    [LoggerMessage(4317, LogLevel.Warning, "{Count} replicas' directories not told to the controller: {Error}")]
    public static partial void DirectoriesNotAssigned(ILogger logger, string error, int count);

    [LoggerMessage(4318, LogLevel.Warning, "{Partition}: offline, its log directory has failed")]
    public static partial void ReplicaLost(ILogger logger, TopicPartition partition);

    [LoggerMessage(4319, LogLevel.Information, "{Partition}: moves to {Directory}")]
    public static partial void Moves(ILogger logger, TopicPartition partition, string directory);

    [LoggerMessage(4315, LogLevel.Warning, "no block of producer ids: {Error}")]
    public static partial void NoProducerIds(ILogger logger, string error);
}
