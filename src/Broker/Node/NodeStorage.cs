using KRaftSharp.Broker.Config;
using KRaftSharp.Log.Checkpoints;
using KRaftSharp.Log.Storage;
using KRaftSharp.Quorum.Controller;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Driver;

namespace KRaftSharp.Broker.Node;

/// <summary>The formatted directories of a node: who they belong to, and what a new cluster starts with.</summary>
public static class NodeStorage
{
    /// <summary>What the metadata directory says of the node; all others must agree.</summary>
    /// <exception cref="NodeConfigException">A directory is not formatted or belongs to somebody else.</exception>
    public static MetaProperties Check(IStorage storage, NodeConfig config)
    {
        MetaProperties? first = null;
        foreach (string directory in config.LogDirectories.Prepend(config.MetadataDirectory).Distinct())
        {
            if (first is not null && IsUnreadable(storage, directory))
            {
                // Its replicas are offline; that is told where the logs are loaded.
                continue;
            }

            MetaProperties found = Read(storage, directory) ?? throw new NodeConfigException(
                $"{directory} is not formatted: run 'kraftsharp storage format --cluster-id ID --config FILE' first");
            if (found.NodeId != config.NodeId)
            {
                throw new NodeConfigException(
                    $"{directory} belongs to node {found.NodeId}, but node.id is {config.NodeId}");
            }

            first ??= found;
            if (found.ClusterId != first.ClusterId)
            {
                throw new NodeConfigException(
                    $"{directory} belongs to cluster {found.ClusterId}, others to {first.ClusterId}");
            }
        }

        return first!;
    }

    /// <summary>The records that formatting left for the first controller.</summary>
    public static IReadOnlyList<VersionedRecord> ReadBootstrap(IStorage storage, string directory) =>
        BootstrapFile.Read(storage, directory) ?? Bootstrap.LatestProduction;

    private static bool IsUnreadable(IStorage storage, string directory)
    {
        try
        {
            Read(storage, directory);
            return false;
        }
        catch (StorageException)
        {
            return true;
        }
    }

    private static MetaProperties? Read(IStorage storage, string directory)
    {
        try
        {
            return MetaProperties.Read(storage, directory);
        }
        catch (FormatException error)
        {
            throw new NodeConfigException(error.Message, error);
        }
    }
}
