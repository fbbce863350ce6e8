using KRaftSharp.Client.Consumer.Groups;
using KRaftSharp.Protocol;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Consumer;

/// <summary>What consumers log, those of share groups too.</summary>
internal static partial class ConsumerLog
{
    [LoggerMessage(50, LogLevel.Information, "Group {Group}: {Kind} of {Partitions} partitions, {Owned} are owned now")]
    public static partial void Rebalanced(
        ILogger logger, string group, RebalanceStepKind kind, int partitions, int owned);

    [LoggerMessage(51, LogLevel.Warning, "Group {Group}: the member cannot stay one: {Error}: {Reason}")]
    public static partial void MembershipFailed(ILogger logger, string group, ErrorCode error, string reason);

    [LoggerMessage(52, LogLevel.Warning, "Group {Group}: a commit of {Partitions} partitions failed: {Error}: "
        + "{Reason}")]
    public static partial void CommitFailed(
        ILogger logger, string group, int partitions, ErrorCode error, string reason);

    [LoggerMessage(53, LogLevel.Information, "{Partition}: offset {Offset} is not in the log, reading goes on by "
        + "{Policy}")]
    public static partial void OffsetOutOfRange(
        ILogger logger, TopicPartition partition, long offset, OffsetReset policy);

    [LoggerMessage(54, LogLevel.Debug, "{Partition}: a fetch ended with {Error}")]
    public static partial void FetchRefused(ILogger logger, TopicPartition partition, ErrorCode error);

    [LoggerMessage(55, LogLevel.Debug, "A fetch of broker {Broker} ended with {Error}: {Reason}")]
    public static partial void FetchFailed(ILogger logger, int broker, ErrorCode error, string? reason);

    [LoggerMessage(56, LogLevel.Error, "Interceptor {Interceptor} threw; reading goes on")]
    public static partial void InterceptorThrew(ILogger logger, Type interceptor, Exception mistake);

    [LoggerMessage(60, LogLevel.Warning, "{Partition}: acknowledgements of {Records} records failed: {Error}: "
        + "{Reason}")]
    public static partial void AcknowledgementFailed(
        ILogger logger, TopicPartition partition, int records, ErrorCode error, string reason);

    [LoggerMessage(61, LogLevel.Error, "The callback for acknowledgements threw; the others are called all the same")]
    public static partial void CallbackThrew(ILogger logger, Exception mistake);

    [LoggerMessage(62, LogLevel.Information, "The share session with broker {Broker} is lost: {Error}")]
    public static partial void SessionLost(ILogger logger, int broker, ErrorCode error);
}
