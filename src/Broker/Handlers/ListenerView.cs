using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>A metadata image as the clients of one listener see it.</summary>
internal readonly struct ListenerView(MetadataImage image, string listenerName)
{
    private const int NoLeader = -1;

    public MetadataImage Image => image;

    /// <summary>The brokers that are unfenced and have this listener.</summary>
    public IEnumerable<(BrokerRegistration Broker, ListenerEndpoint Endpoint)> AliveBrokers() => Brokers(false);

    public IEnumerable<(BrokerRegistration Broker, ListenerEndpoint Endpoint)> Brokers(bool includeFenced)
    {
        foreach (BrokerRegistration broker in image.Cluster.Brokers.Values)
        {
            if ((includeFenced || !broker.IsFenced)
                && broker.Listeners.TryGetValue(listenerName, out ListenerEndpoint? endpoint))
            {
                yield return (broker, endpoint);
            }
        }
    }

    /// <summary>
    /// What is told of a partition: without a leader that this listener reaches, an error and no leader.
    /// </summary>
    /// <param name="namesMissingListener">Whether the client knows LISTENER_NOT_FOUND.</param>
    /// <param name="hidesUnreachable">
    /// Whether replicas that cannot be reached are left out, with REPLICA_NOT_AVAILABLE (Metadata v0).
    /// </param>
    public PartitionView Partition(PartitionRegistration partition, bool namesMissingListener, bool hidesUnreachable)
    {
        List<int> replicas = Nodes(partition.Replicas, hidesUnreachable);
        List<int> isr = Nodes(partition.Isr, hidesUnreachable);
        List<int> offline = [];
        foreach (int replica in partition.Replicas)
        {
            if (IsOffline(replica, partition.DirectoryOf(replica)))
            {
                offline.Add(replica);
            }
        }

        bool isRegistered = image.Cluster.Brokers.TryGetValue(partition.Leader, out BrokerRegistration? leader);
        if (leader is null || !leader.Listeners.ContainsKey(listenerName))
        {
            ErrorCode missing = isRegistered && namesMissingListener
                ? ErrorCode.ListenerNotFound
                : ErrorCode.LeaderNotAvailable;
            return new PartitionView(missing, NoLeader, replicas, isr, offline);
        }

        bool isComplete = replicas.Count == partition.Replicas.Length && isr.Count == partition.Isr.Length;
        return new PartitionView(
            isComplete ? ErrorCode.None : ErrorCode.ReplicaNotAvailable, partition.Leader, replicas, isr, offline);
    }

    private List<int> Nodes(int[] ids, bool hidesUnreachable)
    {
        List<int> nodes = new(ids.Length);
        foreach (int id in ids)
        {
            if (!hidesUnreachable || IsReachable(id))
            {
                nodes.Add(id);
            }
        }

        return nodes;
    }

    private bool IsReachable(int id) =>
        image.Cluster.Broker(id) is { IsFenced: false } broker && broker.Listeners.ContainsKey(listenerName);

    private bool IsOffline(int id, Uuid directory)
    {
        if (!IsReachable(id))
        {
            return true;
        }

        Uuid[] online = image.Cluster.Broker(id)!.Directories;
        return directory == DirectoryIds.Lost
            || (directory != DirectoryIds.Unassigned && directory != DirectoryIds.Migrating
                && online.Length > 0 && !online.Contains(directory));
    }
}
