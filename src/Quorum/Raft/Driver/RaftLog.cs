using KRaftSharp.Log;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>The quorum's log messages: events 3000 to 3099.</summary>
internal static partial class RaftLog
{
    [LoggerMessage(3000, LogLevel.Information,
        "Quorum {NodeId}: open, epoch {Epoch}, log {StartOffset} to {EndOffset}, snapshot {Snapshot}")]
    public static partial void Opened(
        this ILogger logger, int nodeId, int epoch, long startOffset, long endOffset, LogPoint? snapshot);

    [LoggerMessage(3001, LogLevel.Information, "Quorum {NodeId}: {From} becomes {To} in epoch {Epoch}: {Reason}")]
    public static partial void RoleChanged(
        this ILogger logger, int nodeId, RaftRole from, RaftRole to, int epoch, string reason);

    [LoggerMessage(3002, LogLevel.Information, "Quorum {NodeId}: {Leader}")]
    public static partial void LeaderChanged(this ILogger logger, int nodeId, LeaderAndEpoch leader);

    [LoggerMessage(3003, LogLevel.Information, "Quorum {NodeId}: log truncated from {EndOffset} to {NewEndOffset}")]
    public static partial void Truncated(this ILogger logger, int nodeId, long endOffset, long newEndOffset);

    [LoggerMessage(3004, LogLevel.Warning,
        "Quorum {NodeId}: the leader sent batches that do not continue the log at {EndOffset}; asking again")]
    public static partial void AppendRefused(this ILogger logger, int nodeId, long endOffset);

    [LoggerMessage(3005, LogLevel.Information, "Quorum {NodeId}: log starts at the leader's snapshot {Snapshot}")]
    public static partial void SnapshotInstalled(this ILogger logger, int nodeId, LogPoint snapshot);

    [LoggerMessage(3006, LogLevel.Information, "Quorum {NodeId}: snapshot {Snapshot} of {SizeBytes} bytes")]
    public static partial void SnapshotFrozen(this ILogger logger, int nodeId, LogPoint snapshot, long sizeBytes);

    [LoggerMessage(3007, LogLevel.Warning,
        "Quorum {NodeId}: the leader's snapshot {Snapshot} is damaged; trying again")]
    public static partial void SnapshotRefused(this ILogger logger, int nodeId, LogPoint snapshot);

    [LoggerMessage(3009, LogLevel.Information, "Quorum {NodeId}: the voters of epoch {Epoch} become {Voters}")]
    public static partial void AppendsVoters(this ILogger logger, int nodeId, int epoch, VoterSet voters);

    [LoggerMessage(3008, LogLevel.Critical, "Quorum {NodeId}: stopped for good")]
    public static partial void Failed(this ILogger logger, Exception error, int nodeId);
}
