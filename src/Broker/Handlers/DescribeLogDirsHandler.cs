using KRaftSharp.Broker.Network;
using KRaftSharp.Log;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>DescribeLogDirs v1 to v5 (KIP-113): what lies in this node's log directories.</summary>
/// <remarks>v3 added a top-level error, v4 the size of the disk and what of it is free (KIP-827), v5 whether the
/// directory is cordoned (KIP-1066).</remarks>
internal sealed class DescribeLogDirsHandler(
    LogManager logs, IStorage storage, Func<LogDirectory, bool> isCordoned) : IRequestHandler
{
    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        HashSet<TopicPartition>? wanted = ((DescribeLogDirsRequest)request).Topics is { } topics
            ? [.. topics.SelectMany(static topic => topic.Partitions.Select(
                index => new TopicPartition(topic.Topic, index)))]
            : null;
        var response = new DescribeLogDirsResponse();
        foreach (LogDirectory directory in logs.Directories)
        {
            response.Results.Add(Describe(directory, wanted));
        }

        return ValueTask.FromResult<IApiMessage?>(response);
    }

    private DescribeLogDirsResponse.DescribeLogDirsResult Describe(
        LogDirectory directory, HashSet<TopicPartition>? wanted)
    {
        var result = new DescribeLogDirsResponse.DescribeLogDirsResult
        {
            LogDir = directory.Path,
            IsCordoned = isCordoned(directory),
        };
        if (!directory.IsOnline)
        {
            result.ErrorCode = ErrorCode.KafkaStorageError;
            return result;
        }

        try
        {
            (result.TotalBytes, result.UsableBytes) = storage.SpaceOf(directory.Path);
        }
        catch (StorageException)
        {
            result.ErrorCode = ErrorCode.KafkaStorageError;
            return result;
        }

        IEnumerable<(PartitionLog Log, bool IsFuture)> here = logs.LogsOf(directory).Select(log => (log, false))
            .Concat(logs.FuturesOf(directory).Select(log => (log, true)))
            .Where(entry => wanted is null || wanted.Contains(entry.log.TopicPartition));
        foreach (var topic in here.GroupBy(static entry => entry.Log.TopicPartition.Topic))
        {
            result.Topics.Add(new DescribeLogDirsResponse.DescribeLogDirsTopic
            {
                Name = topic.Key,
                Partitions = [.. topic.Select(entry => Describe(entry.Log, entry.IsFuture))],
            });
        }

        return result;
    }

    private DescribeLogDirsResponse.DescribeLogDirsPartition Describe(PartitionLog log, bool isFuture) => new()
    {
        PartitionIndex = log.TopicPartition.Partition,
        PartitionSize = log.SizeBytes,
        OffsetLag = Math.Max(0, isFuture
            ? (logs.Get(log.TopicPartition)?.LogEndOffset ?? 0) - log.LogEndOffset
            : log.HighWatermark - log.LogEndOffset),
        IsFutureKey = isFuture,
    };
}
