using System.Globalization;
using System.Xml;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Consumer.Assignors;
using KRaftSharp.Client.Sharing;

namespace KRaftSharp.Client.Configuration;

/// <summary>Reads a consumer's options from Kafka's properties.</summary>
internal static class ConsumerProperties
{
    private const string ByDuration = "by_duration:";
    private const string JavaPackage = "org.apache.kafka.clients.consumer.";

    // What only one of the protocols knows, as Kafka refuses it.
    private static readonly string[] ClassicOnly =
        ["partition.assignment.strategy", "heartbeat.interval.ms", "session.timeout.ms", "share.acknowledgement.mode"];

    private static readonly string[] NotClassic = ["group.remote.assignor", "share.acknowledgement.mode"];

    // What a share group says for all its members, or has no use for.
    private static readonly string[] NotShared =
    [
        "auto.offset.reset", "enable.auto.commit", "group.instance.id", "isolation.level",
        "partition.assignment.strategy", "interceptor.classes", "session.timeout.ms", "heartbeat.interval.ms",
        "group.protocol", "group.remote.assignor",
    ];

    public static ConsumerOptions Read(PropertyReader reader, ConsumerOptions preset)
    {
        (OffsetReset reset, TimeSpan? back) = ReadReset(reader, preset);
        string? groupId = reader.Text("group.id") ?? preset.GroupId;
        ConsumerOptions options = ClientProperties.Read(reader, preset) with
        {
            ApiTimeout = reader.IntMs("default.api.timeout.ms", preset.ApiTimeout),
            GroupId = groupId,
            GroupInstanceId = reader.NonEmpty("group.instance.id") ?? preset.GroupInstanceId,
            GroupProtocol = reader.OneOfAnyCase("group.protocol", "CLASSIC", "CONSUMER", "CLASSIC") == "CONSUMER"
                ? GroupProtocol.Consumer
                : GroupProtocol.Classic,
            GroupRemoteAssignor = reader.Text("group.remote.assignor") ?? preset.GroupRemoteAssignor,
            Assignors = ReadAssignors(reader, preset),
            SessionTimeout = reader.IntMs("session.timeout.ms", preset.SessionTimeout, int.MinValue),
            HeartbeatInterval = reader.IntMs("heartbeat.interval.ms", preset.HeartbeatInterval, int.MinValue),
            MaxPollInterval = reader.IntMs("max.poll.interval.ms", preset.MaxPollInterval, least: 1),
            EnableAutoCommit = reader.Bool("enable.auto.commit", preset.EnableAutoCommit && groupId is not null),
            AutoCommitInterval = reader.IntMs("auto.commit.interval.ms", preset.AutoCommitInterval),
            OffsetReset = reset,
            OffsetResetDuration = back,
            IsolationLevel = reader.OneOf(
                "isolation.level", "read_uncommitted", "read_committed", "read_uncommitted") == "read_committed"
                ? IsolationLevel.ReadCommitted
                : IsolationLevel.ReadUncommitted,
            FetchMinBytes = reader.Int("fetch.min.bytes", preset.FetchMinBytes, least: 0),
            FetchMaxWait = reader.IntMs("fetch.max.wait.ms", preset.FetchMaxWait),
            FetchMaxBytes = reader.Int("fetch.max.bytes", preset.FetchMaxBytes, least: 0),
            MaxPartitionFetchBytes = reader.Int(
                "max.partition.fetch.bytes", preset.MaxPartitionFetchBytes, least: 0),
            MaxPollRecords = reader.Int("max.poll.records", preset.MaxPollRecords, least: 1),
            CheckCrcs = reader.Bool("check.crcs", preset.CheckCrcs),
            Rack = reader.Text("client.rack") ?? preset.Rack,
        };
        Refuse(
            reader, options.GroupProtocol == GroupProtocol.Consumer ? ClassicOnly : NotClassic,
            $"cannot be set when group.protocol={options.GroupProtocol.ToString().ToUpperInvariant()}");
        if (groupId is null && options.EnableAutoCommit)
        {
            throw new KafkaConfigException(
                "enable.auto.commit cannot be set to true when default group id (null) is used.");
        }

        ClientProperties.Finish(reader, IdleKeys.Consumer, options);
        return options;
    }

    public static ShareConsumerOptions Read(PropertyReader reader, ShareConsumerOptions preset)
    {
        Refuse(reader, NotShared, "cannot be set when using a share group.");
        ShareConsumerOptions options = ClientProperties.Read(reader, preset) with
        {
            ApiTimeout = reader.IntMs("default.api.timeout.ms", preset.ApiTimeout),
            GroupId = reader.Text("group.id") ?? throw new KafkaConfigException(
                "group.id must be set: records are shared by the members of a group."),
            AcknowledgementMode = reader.OneOf(
                "share.acknowledgement.mode", "implicit", "implicit", "explicit") == "explicit"
                ? AcknowledgementMode.Explicit
                : AcknowledgementMode.Implicit,
            AcquireMode = reader.OneOfAnyCase(
                "share.acquire.mode", "batch_optimized", "batch_optimized", "record_limit") == "record_limit"
                ? ShareAcquireMode.RecordLimit
                : ShareAcquireMode.BatchOptimized,
            MaxPollRecords = reader.Int("max.poll.records", preset.MaxPollRecords, least: 1),
            MaxPollInterval = reader.IntMs("max.poll.interval.ms", preset.MaxPollInterval, least: 1),
            FetchMinBytes = reader.Int("fetch.min.bytes", preset.FetchMinBytes, least: 0),
            FetchMaxWait = reader.IntMs("fetch.max.wait.ms", preset.FetchMaxWait),
            FetchMaxBytes = reader.Int("fetch.max.bytes", preset.FetchMaxBytes, least: 0),
            CheckCrcs = reader.Bool("check.crcs", preset.CheckCrcs),
            Rack = reader.Text("client.rack") ?? preset.Rack,
        };
        ClientProperties.Finish(reader, IdleKeys.ShareConsumer, options);
        return options;
    }

    private static void Refuse(PropertyReader reader, IEnumerable<string> keys, string why)
    {
        string[] set = [.. keys.Where(reader.Has)];
        if (set.Length > 0)
        {
            throw new KafkaConfigException($"{string.Join(", ", set)} {why}");
        }
    }

    private static (OffsetReset Reset, TimeSpan? Back) ReadReset(PropertyReader reader, ConsumerOptions preset)
    {
        string? text = reader.Text("auto.offset.reset");
        switch (text?.ToLowerInvariant())
        {
            case null:
                return (preset.OffsetReset, preset.OffsetResetDuration);
            case "latest":
                return (OffsetReset.Latest, null);
            case "earliest":
                return (OffsetReset.Earliest, null);
            case "none":
                return (OffsetReset.None, null);
            case var other when other.StartsWith(ByDuration, StringComparison.Ordinal)
                && TryReadDuration(text[ByDuration.Length..], out TimeSpan back):
                return (OffsetReset.ByDuration, back);
            default:
                throw new KafkaConfigException(
                    "auto.offset.reset", text, $"Invalid value `{text}` for configuration auto.offset.reset. The value "
                        + "must be either 'earliest', 'latest', 'none' or "
                        + "of the format 'by_duration:<PnDTnHnMn.nS.>'.");
        }
    }

    /// <summary>Days, hours, minutes and seconds, not negative; years and months are no durations to Java.</summary>
    private static bool TryReadDuration(string text, out TimeSpan duration)
    {
        duration = default;
        string days = text.Split('T')[0];
        if (days.Contains('Y', StringComparison.OrdinalIgnoreCase)
            || days.Contains('M', StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        try
        {
            duration = XmlConvert.ToTimeSpan(text.ToUpper(CultureInfo.InvariantCulture));
            return duration >= TimeSpan.Zero;
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            return false;
        }
    }

    private static IReadOnlyList<IPartitionAssignor> ReadAssignors(PropertyReader reader, ConsumerOptions preset)
    {
        if (!reader.Has("partition.assignment.strategy"))
        {
            return preset.Assignors;
        }

        IPartitionAssignor[] assignors = [.. reader.List("partition.assignment.strategy").Select(ReadAssignor)];
        return assignors.Length > 0
            ? assignors
            : throw new KafkaConfigException(
                "Configuration 'partition.assignment.strategy' must not be empty. Valid values include: "
                + "any non-empty value");
    }

    /// <summary>Kafka's own class, by its full name or the last part of it.</summary>
    private static IPartitionAssignor ReadAssignor(string name)
    {
        string own = name.StartsWith(JavaPackage, StringComparison.Ordinal) ? name[JavaPackage.Length..] : name;
        return own switch
        {
            "RangeAssignor" or "range" => PartitionAssignors.Range,
            "RoundRobinAssignor" or "roundrobin" => PartitionAssignors.RoundRobin,
            "StickyAssignor" or "sticky" => PartitionAssignors.Sticky,
            "CooperativeStickyAssignor" or "cooperative-sticky" => PartitionAssignors.CooperativeSticky,
            _ => throw new KafkaConfigException(
                "partition.assignment.strategy", name,
                "Class could not be found: other assignors than Kafka's own are given in code"),
        };
    }
}
