using KRaftSharp.Broker.Config;
using KRaftSharp.Log.Checkpoints;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Driver;

namespace KRaftSharp.Broker.Hosting;

/// <summary>Prepares the directories of a node: whose they are, and what a new cluster starts with.</summary>
public static class StorageFormatter
{
    /// <summary>Formats what is not formatted; returns the directories that were.</summary>
    /// <exception cref="NodeConfigException">A directory belongs to another node or cluster.</exception>
    public static IReadOnlyList<string> Format(
        IStorage storage, NodeConfig config, string clusterId, IReadOnlyList<VersionedRecord> bootstrap)
    {
        Prng chance = new((ulong)Random.Shared.NextInt64());
        List<string> formatted = [];
        foreach (string directory in config.LogDirectories.Append(config.MetadataDirectory).Distinct())
        {
            if (MetaProperties.Read(storage, directory) is { } found)
            {
                if (found.ClusterId != clusterId || found.NodeId != config.NodeId)
                {
                    throw new NodeConfigException(
                        $"{directory} belongs to node {found.NodeId} of cluster {found.ClusterId} already");
                }

                continue;
            }

            storage.CreateDirectory(directory);
            if (directory == config.MetadataDirectory && config.IsController)
            {
                BootstrapFile.Write(storage, directory, bootstrap, TimeProvider.System);
            }

            new MetaProperties(clusterId, config.NodeId, chance.NextUuid()).Write(storage, directory);
            formatted.Add(directory);
        }

        return formatted;
    }
}
