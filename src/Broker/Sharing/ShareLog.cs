using KRaftSharp.Broker.ShareState;
using KRaftSharp.Protocol;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Sharing;

/// <summary>What share partitions log: events 4500 to 4599, never reused.</summary>
internal static partial class ShareLog
{
    [LoggerMessage(4500, LogLevel.Information,
        "{Partition}: share partition loaded, start {StartOffset}, next {NextOffset}, leader epoch {LeaderEpoch}")]
    public static partial void Loaded(
        ILogger logger, SharePartitionKey partition, long startOffset, long nextOffset, int leaderEpoch);

    [LoggerMessage(4501, LogLevel.Warning, "{Partition}: share partition could not be loaded: {Error} {Message}")]
    public static partial void LoadFailed(
        ILogger logger, SharePartitionKey partition, ErrorCode error, string? message);

    [LoggerMessage(4502, LogLevel.Warning, "{Partition}: state could not be written: {Error} {Message}")]
    public static partial void WriteFailed(
        ILogger logger, SharePartitionKey partition, ErrorCode error, string? message);

    [LoggerMessage(4503, LogLevel.Information, "{Partition}: share partition let go of, leader epoch {LeaderEpoch}")]
    public static partial void Closed(ILogger logger, SharePartitionKey partition, int leaderEpoch);

    [LoggerMessage(4504, LogLevel.Warning,
        "{Partition}: records {FirstOffset} to {LastOffset} did not reach the dead letter queue {Topic}: {Reason}")]
    public static partial void DeadLettersLost(
        ILogger logger, SharePartitionKey partition, long firstOffset, long lastOffset, string topic, string reason);
}
