using Microsoft.Extensions.Logging;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>Log messages of the metadata loader: events 2300 to 2399.</summary>
internal static partial class MetadataEvents
{
    [LoggerMessage(2300, LogLevel.Information, "Node {NodeId} has read the metadata log up to offset {EndOffset}.")]
    public static partial void CaughtUp(ILogger logger, int nodeId, long endOffset);

    [LoggerMessage(2301, LogLevel.Information,
        "Node {NodeId} wrote snapshot {EndOffset}-{Epoch} of {SizeBytes} bytes.")]
    public static partial void SnapshotWritten(
        ILogger logger, int nodeId, long endOffset, int epoch, long sizeBytes);
}
