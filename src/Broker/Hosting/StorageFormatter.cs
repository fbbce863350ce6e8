using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Node;
using KRaftSharp.Log.Checkpoints;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Driver;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Hosting;

/// <summary>Prepares the directories of a node: whose they are, and what a new cluster starts with.</summary>
public static class StorageFormatter
{
    /// <summary>Formats what is not formatted; returns the directories that were.</summary>
    /// <exception cref="NodeConfigException">A directory belongs to another node or cluster, or the flags do not fit
    /// the configuration.</exception>
    public static IReadOnlyList<string> Format(IStorage storage, NodeConfig config, StorageFormat format)
    {
        format.Check(config);
        Prng chance = new((ulong)Random.Shared.NextInt64());
        List<string> formatted = [];
        foreach (string directory in config.LogDirectories.Append(config.MetadataDirectory).Distinct())
        {
            if (MetaProperties.Read(storage, directory) is { } found)
            {
                if (found.ClusterId != format.ClusterId || found.NodeId != config.NodeId)
                {
                    throw new NodeConfigException(
                        $"{directory} belongs to node {found.NodeId} of cluster {found.ClusterId} already");
                }

                continue;
            }

            Uuid directoryId = chance.NextUuid();
            storage.CreateDirectory(directory);
            if (directory == config.MetadataDirectory)
            {
                // The others know this voter by the id that they were given.
                directoryId = format.InitialControllers?.FirstOrDefault(voter => voter.Id == config.NodeId)?.DirectoryId
                    ?? directoryId;
                WriteBootstrap(storage, directory, directoryId, config, format);
            }

            new MetaProperties(format.ClusterId, config.NodeId, directoryId).Write(storage, directory);
            formatted.Add(directory);
        }

        return formatted;
    }

    private static void WriteBootstrap(
        IStorage storage, string directory, Uuid directoryId, NodeConfig config, StorageFormat format)
    {
        short kraftVersion = format.EffectiveKRaftVersion(config);
        if (config.IsController || kraftVersion > 0)
        {
            BootstrapFile.Write(
                storage, directory, format.Bootstrap, FirstVoters(directoryId, config, format), kraftVersion,
                TimeProvider.System);
        }
    }

    private static VoterSet? FirstVoters(Uuid directoryId, NodeConfig config, StorageFormat format)
    {
        const short Max = 1;
        string name = config.ControllerListenerNames[0];
        if (format.IsStandalone)
        {
            return new VoterSet([Voter.TryCreate(
                new ReplicaKey(config.NodeId, directoryId), NodeSettings.ControllerListeners(config), name, 0, Max)
                ?? throw new NodeConfigException($"listeners: there is none named {name}")]);
        }

        return format.InitialControllers is not { } voters ? null : new VoterSet(voters.Select(voter => new Voter(
            new ReplicaKey(voter.Id, voter.DirectoryId), new PeerEndpoint(voter.Id, voter.Host, voter.Port))
        {
            Listeners = [new VoterListener(name, voter.Host, voter.Port)],
            MaxKRaftVersion = Max,
        }));
    }
}
