using KRaftSharp.Broker.Config;

namespace KRaftSharp.Broker.Groups;

/// <summary>The broker's configs about groups.</summary>
internal sealed record GroupSettings
{
    private const int MsPerMinute = 60_000;

    public int MinSessionTimeoutMs { get; init; } = 6_000;

    public int MaxSessionTimeoutMs { get; init; } = 1_800_000;

    public int InitialRebalanceDelayMs { get; init; } = 3_000;

    public int MaxSize { get; init; } = int.MaxValue;

    public int OffsetMetadataMaxBytes { get; init; } = 4_096;

    public long OffsetsRetentionMs { get; init; } = 7L * 24 * 60 * MsPerMinute;

    public long OffsetsRetentionCheckMs { get; init; } = 600_000;

    public int ConsumerMaxSize { get; init; } = int.MaxValue;

    public int StreamsMaxSize { get; init; } = int.MaxValue;

    public int ConsumerRegexRefreshMs { get; init; } = 600_000;

    public IReadOnlyList<string> ConsumerAssignors { get; init; } = ["uniform", "range"];

    /// <summary>Between which protocols a group may change while it has members.</summary>
    public MigrationPolicy Migration { get; init; } = MigrationPolicy.Bidirectional;

    /// <summary>The protocols that are served: classic, consumer, share, streams.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = ["classic", "consumer", "streams"];

    public int ShareMaxSize { get; init; } = 200;

    /// <summary>State that was asked for and is not there after so long is asked for again.</summary>
    public long ShareInitializeRetryMs { get; init; } = 30_000;

    public static GroupSettings From(NodeConfig config) => new()
    {
        MinSessionTimeoutMs = config.GetInt("group.min.session.timeout.ms"),
        MaxSessionTimeoutMs = config.GetInt("group.max.session.timeout.ms"),
        InitialRebalanceDelayMs = config.GetInt("group.initial.rebalance.delay.ms"),
        MaxSize = config.GetInt("group.max.size"),
        OffsetMetadataMaxBytes = config.GetInt("offset.metadata.max.bytes"),
        OffsetsRetentionMs = config.GetLong("offsets.retention.minutes") * MsPerMinute,
        OffsetsRetentionCheckMs = config.GetLong("offsets.retention.check.interval.ms"),
        ConsumerMaxSize = config.GetInt("group.consumer.max.size"),
        StreamsMaxSize = config.GetInt("group.streams.max.size"),
        ConsumerRegexRefreshMs = config.GetInt("group.consumer.regex.refresh.interval.ms"),
        ConsumerAssignors = config.GetList("group.consumer.assignors"),
        Migration = Enum.Parse<MigrationPolicy>(
            config.GetString("group.consumer.migration.policy")!, ignoreCase: true),
        ShareMaxSize = config.GetInt("group.share.max.size"),
        ShareInitializeRetryMs = config.GetInt("group.share.initialize.retry.interval.ms"),
        Protocols = config.GetList("group.coordinator.rebalance.protocols"),
    };
}
