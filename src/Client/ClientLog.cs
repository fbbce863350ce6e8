using KRaftSharp.Protocol;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client;

/// <summary>What the clients log, in one place.</summary>
internal static partial class ClientLog
{
    public const string Category = "KRaftSharp.Client";
    public const string NetworkCategory = "KRaftSharp.Client.Network";
    public const string MetadataCategory = "KRaftSharp.Client.Metadata";
    public const string ProducerCategory = "KRaftSharp.Client.Producer";
    public const string ConsumerCategory = "KRaftSharp.Client.Consumer";

    [LoggerMessage(1, LogLevel.Warning, "The configuration {Key} is known and has no effect here: {Reason}")]
    public static partial void IdleKey(ILogger logger, string key, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The configuration {Key} is not known")]
    public static partial void UnknownKey(ILogger logger, string key);

    [LoggerMessage(10, LogLevel.Debug, "Connected to {Address}")]
    public static partial void Connected(ILogger logger, BrokerAddress address);

    [LoggerMessage(11, LogLevel.Warning, "Connection to {Address} could not be made (attempt {Attempt}): {Reason}")]
    public static partial void ConnectFailed(ILogger logger, BrokerAddress address, int attempt, string reason);

    [LoggerMessage(12, LogLevel.Information, "Connection to {Address} ended with {Requests} requests unanswered: "
        + "{Reason}")]
    public static partial void ConnectionEnded(ILogger logger, BrokerAddress address, int requests, string reason);

    [LoggerMessage(13, LogLevel.Warning, "{Address} did not answer {Api} in time: the connection is dropped")]
    public static partial void RequestLate(ILogger logger, BrokerAddress address, ApiKey api);

    [LoggerMessage(20, LogLevel.Information, "Cluster {ClusterId} has {Brokers} brokers")]
    public static partial void ClusterFound(ILogger logger, string? clusterId, int brokers);

    [LoggerMessage(21, LogLevel.Debug, "Metadata could not be renewed: {Reason}")]
    public static partial void RefreshFailed(ILogger logger, string reason);

    [LoggerMessage(30, LogLevel.Debug, "Batch of {Records} records for {Partition} is sent again (attempt {Attempt} "
        + "ended with {Error}: {Reason})")]
    public static partial void BatchRepeated(
        ILogger logger, int records, TopicPartition partition, int attempt, ErrorCode error, string? reason);

    [LoggerMessage(31, LogLevel.Warning, "Batch of {Records} records for {Partition} failed: {Error}: {Reason}")]
    public static partial void BatchFailed(
        ILogger logger, int records, TopicPartition partition, ErrorCode error, string? reason);

    [LoggerMessage(32, LogLevel.Error, "A callback for a record of {Partition} threw; the others are called all the "
        + "same")]
    public static partial void CallbackThrew(ILogger logger, TopicPartition partition, Exception mistake);

    [LoggerMessage(33, LogLevel.Error, "Interceptor {Interceptor} threw; the record goes on as it was")]
    public static partial void InterceptorThrew(ILogger logger, Type interceptor, Exception mistake);

    [LoggerMessage(34, LogLevel.Information, "Producer id {ProducerId}, epoch {Epoch}")]
    public static partial void IdentityObtained(ILogger logger, long producerId, short epoch);
}
