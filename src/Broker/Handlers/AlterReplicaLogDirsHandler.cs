using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>AlterReplicaLogDirs v1 to v2 (KIP-113): replicas of this node move to other log directories.</summary>
internal sealed class AlterReplicaLogDirsHandler(LogManager logs, ReplicaManager replicas) : IRequestHandler
{
    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        // One result a topic, whatever directories its partitions were named under.
        SortedDictionary<string, AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult> results =
            new(StringComparer.Ordinal);
        foreach (AlterReplicaLogDirsRequest.AlterReplicaLogDir directory in ((AlterReplicaLogDirsRequest)request).Dirs)
        {
            foreach (AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic topic in directory.Topics)
            {
                if (!results.TryGetValue(topic.Name, out var result))
                {
                    result = new() { TopicName = topic.Name };
                    results.Add(topic.Name, result);
                }

                foreach (int index in topic.Partitions)
                {
                    result.Partitions.Add(new()
                    {
                        PartitionIndex = index,
                        ErrorCode = Alter(new TopicPartition(topic.Name, index), directory.Path),
                    });
                }
            }
        }

        return ValueTask.FromResult<IApiMessage?>(
            new AlterReplicaLogDirsResponse { Results = [.. results.Values] });
    }

    private ErrorCode Alter(TopicPartition name, string path)
    {
        LogDirectory? directory = logs.Directories.FirstOrDefault(
            directory => directory.Path == path.TrimEnd('/'));
        return directory is null ? ErrorCode.LogDirNotFound
            : !directory.IsOnline ? ErrorCode.KafkaStorageError
            : replicas.Move(name, directory);
    }
}
