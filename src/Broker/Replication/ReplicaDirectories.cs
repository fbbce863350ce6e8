using System.Collections.Concurrent;
using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication;

/// <summary>Where this node's replicas lie: places new ones, tells the controller, and knows which ones went with
/// their disk (KIP-112, KIP-858).</summary>
internal sealed class ReplicaDirectories(
    LogManager logs, DirectoryAssigner assigner, Func<LogDirectory, bool> isCordoned)
{
    private readonly ConcurrentDictionary<TopicPartition, Uuid> _lost = new();

    /// <summary>Whether a replica was in a directory that failed. Any thread.</summary>
    public bool IsLost(TopicPartition name) => _lost.ContainsKey(name);

    public void Lose(TopicPartition name, Uuid topicId) => _lost[name] = topicId;

    public void Forget(TopicPartition name, Uuid topicId) =>
        _lost.TryRemove(KeyValuePair.Create(name, topicId));

    /// <summary>The directory for a replica's log; null when it lies in one that failed.</summary>
    /// <param name="assigned">What the controller believes.</param>
    public LogDirectory? PlaceOf(TopicPartition name, Uuid topicId, Uuid assigned)
    {
        if (_lost.TryGetValue(name, out Uuid lostId) && lostId == topicId)
        {
            return null;
        }

        if (logs.Get(name) is { } log)
        {
            return logs.DirectoryOf(log.Directory);
        }

        if (!DirectoryIds.IsReserved(assigned))
        {
            if (logs.Directories.FirstOrDefault(directory => directory.Id == assigned) is { } known)
            {
                return known.IsOnline ? known : null;
            }

            // A directory that could not even be read at the start may be the one.
            if (logs.Directories.Any(static directory => !directory.IsOnline))
            {
                Lose(name, topicId);
                return null;
            }
        }

        return logs.Emptiest(directory => !isCordoned(directory));
    }

    /// <summary>Tells the controller where a replica lies, if it does not know.</summary>
    public void Tell(Uuid topicId, int partition, Uuid assigned, LogDirectory directory)
    {
        if (!directory.Id.IsZero && directory.Id != assigned)
        {
            assigner.Assign(topicId, partition, directory.Id);
        }
    }
}
