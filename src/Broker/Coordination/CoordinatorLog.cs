using KRaftSharp.Log;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Coordination;

/// <summary>What the coordinators log: events 4400 to 4499, never reused.</summary>
internal static partial class CoordinatorLog
{
    [LoggerMessage(4400, LogLevel.Information, "{Partition}: coordinator loaded to {Offset} in epoch {Epoch}")]
    public static partial void Loaded(ILogger logger, TopicPartition partition, long offset, int epoch);

    [LoggerMessage(4401, LogLevel.Warning, "{Partition}: the coordinator could not read its log in epoch {Epoch}")]
    public static partial void LoadFailed(ILogger logger, TopicPartition partition, int epoch);

    [LoggerMessage(4402, LogLevel.Information, "{Partition}: coordinator of epoch {Epoch} closed")]
    public static partial void Closed(ILogger logger, TopicPartition partition, int epoch);
}
