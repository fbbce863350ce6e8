using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Quorum.Controller;

/// <summary>
/// What decisions are made from: the image with everything appended so far, and the settings. Only the controller's
/// replay changes the image.
/// </summary>
internal sealed class ControllerState(ControllerSettings settings, Prng prng)
{
    public ControllerSettings Settings => settings;

    public Prng Prng => prng;

    /// <summary>With the records that are appended but not committed yet.</summary>
    public MetadataImage Image { get; set; } = MetadataImage.Empty;

    /// <summary>The quorum's kraft.version, which stands in no metadata record.</summary>
    public Func<short> KRaftVersion { get; init; } = static () => 0;

    public MetadataVersion MetadataVersion => Image.Features.MetadataVersion;

    /// <summary>True when eligible leader replicas are kept (KIP-966).</summary>
    public bool HasElr =>
        MetadataVersion.IsElrSupported && Image.Features.LevelOf(KnownFeatures.ElrVersion) > 0;

    /// <summary>The rules for changes of a topic's partitions.</summary>
    public PartitionContext ContextOf(TopicImage topic) => new(
        topic.Id, MetadataVersion, Configs.IsUncleanElectionEnabled(Image.Configs, topic.Name), HasElr,
        HasElr ? Math.Min(Configs.MinInsyncReplicas(Image.Configs, topic.Name), FactorOf(topic)) : 1,
        DefaultDirectoryOf);

    /// <summary>
    /// Which replicas of a partition may lead: those of brokers that may, whose directory there has not failed
    /// (KIP-858).
    /// </summary>
    public Func<int, bool> LeaderRule(PartitionRegistration partition, Func<int, bool>? brokerMay = null) =>
        replica => (brokerMay ?? Image.Cluster.IsActive)(replica)
            && Image.Cluster.Broker(replica) is { } broker && broker.IsOnline(partition.DirectoryOf(replica));

    /// <summary>With one directory there is no choice; with several the broker chooses and says so.</summary>
    public Uuid DefaultDirectoryOf(int brokerId) => Image.Cluster.Broker(brokerId)?.Directories switch
    {
        null or [] => DirectoryIds.Migrating,
        [var only] => only,
        _ => DirectoryIds.Unassigned,
    };

    private static int FactorOf(TopicImage topic) =>
        topic.Partitions.Values.FirstOrDefault()?.Replicas.Length ?? 1;

    /// <summary>Configs as this node sees them: dynamic over static over default.</summary>
    public EffectiveConfigs Configs { get; } = new(settings.StaticConfigs, settings.NodeId);
}
