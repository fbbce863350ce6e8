using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.ShareState;

/// <summary>What a <see cref="ShareStateClient"/> is made for.</summary>
internal sealed record ShareStateClientSettings
{
    public required int BrokerId { get; init; }

    public required Func<MetadataImage> Image { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Asks for the state topic; may be called often.</summary>
    public required Action CreateTopic { get; init; }

    /// <summary>How long a coordinator is looked for.</summary>
    public long TimeoutMs { get; init; } = 30_000;
}
