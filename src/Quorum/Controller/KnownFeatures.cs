using System.Diagnostics.CodeAnalysis;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Quorum.Controller;

/// <summary>The features of Kafka 4.4 and the levels a cluster may have (KIP-584, KIP-1022).</summary>
public static class KnownFeatures
{
    public const string KRaftVersion = "kraft.version";
    public const string TransactionVersion = "transaction.version";
    public const string GroupVersion = "group.version";
    public const string ElrVersion = "eligible.leader.replicas.version";
    public const string ShareVersion = "share.version";
    public const string StreamsVersion = "streams.version";

    /// <summary>In the order of names: what brokers and controllers register and ApiVersions shows.</summary>
    public static IReadOnlyList<FeatureDefinition> All { get; } =
    [
        new(ElrVersion, new(0, 1), [(26, 1)])
        {
            Requires = new Dictionary<short, MetadataVersion> { [1] = new(23) },
        },
        new(GroupVersion, new(0, 1), [(22, 1)]),
        new(KRaftVersion, new(0, 1), [(21, 1)]),
        new(MetadataVersion.FeatureName,
            new(MetadataVersion.Minimum.Level, MetadataVersion.LatestProduction.Level), []),
        new(ShareVersion, new(0, 2), [(28, 1), (31, 2)]),
        new(StreamsVersion, new(0, 1), [(29, 1)]),
        new(TransactionVersion, new(0, 2), [(24, 2)]),
    ];

    public static bool TryGet(string name, [NotNullWhen(true)] out FeatureDefinition? feature)
    {
        feature = All.FirstOrDefault(candidate => candidate.Name == name);
        return feature is not null;
    }
}
