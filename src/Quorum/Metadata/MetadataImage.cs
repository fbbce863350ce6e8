using KRaftSharp.Log;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>Everything the metadata log says up to one offset. Immutable: any thread may keep and read it.</summary>
/// <remarks>
/// All parts are persistent sorted trees: one change costs the logarithm of the size, two images share what is equal,
/// and enumeration has one order on every node.
/// </remarks>
public sealed record MetadataImage
{
    /// <summary>What an empty log says.</summary>
    public static MetadataImage Empty { get; } = new();

    /// <summary>Where the log stood: the epoch of the last record in the image and the offset after it.</summary>
    public LogPoint Provenance { get; init; } = new(0, 0);

    /// <summary>Append time of the last record in the image, ms since the Unix epoch; -1 when there is none.</summary>
    public long LastTimestampMs { get; init; } = -1;

    public FeaturesImage Features { get; init; } = FeaturesImage.Empty;

    public ClusterImage Cluster { get; init; } = ClusterImage.Empty;

    public TopicsImage Topics { get; init; } = TopicsImage.Empty;

    public ConfigsImage Configs { get; init; } = ConfigsImage.Empty;

    public ProducerIdsImage ProducerIds { get; init; } = ProducerIdsImage.Empty;

    public ClientQuotasImage ClientQuotas { get; init; } = ClientQuotasImage.Empty;

    public ScramImage Scram { get; init; } = ScramImage.Empty;

    public AclsImage Acls { get; init; } = AclsImage.Empty;

    public DelegationTokensImage DelegationTokens { get; init; } = DelegationTokensImage.Empty;

    /// <summary>The same content, wherever the two images come from.</summary>
    public bool SameContent(MetadataImage other) =>
        this with { Provenance = default, LastTimestampMs = 0 }
            == other with { Provenance = default, LastTimestampMs = 0 };
}
