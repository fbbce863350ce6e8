using KRaftSharp.Log;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Unit.Configs;

public sealed class ConfigTableTests
{
    public static TheoryData<string> Tables => ["topic", "broker", "dynamic", "group", "client metrics"];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Defaults_OfEveryKey_AreValidAndDocumented(string table)
    {
        foreach (ConfigKey key in Table(table).All)
        {
            Assert.NotEmpty(key.Doc);
            if (!key.IsRequired)
            {
                Assert.True(key.Default is null || key.Check(key.Default) is null, key.Name);
            }
        }
    }

    [Fact]
    public void Synonyms_OfTopicsAndGroups_AreBrokerConfigs() => Assert.All(
        TopicConfigs.All.All.Concat(GroupConfigs.All.All).SelectMany(key => key.Synonyms),
        synonym => Assert.True(BrokerConfigs.All.TryGet(synonym.Name, out _), synonym.Name));

    [Fact]
    public void LogOptions_NothingSet_AreTheDefaults() => Assert.Equal(
        new LogOptions(),
        TopicConfigs.ToLogOptions(new Dictionary<string, string>(), new Dictionary<string, string>()));

    [Fact]
    public void LogOptions_TopicOverBroker_HoursCountAsMilliseconds()
    {
        LogOptions options = TopicConfigs.ToLogOptions(
            new Dictionary<string, string> { ["cleanup.policy"] = "compact,delete", ["compression.type"] = "zstd" },
            new Dictionary<string, string> { ["log.retention.hours"] = "2", ["log.segment.bytes"] = "2000000" });

        Assert.Equal(2 * 3_600_000, options.RetentionMs);
        Assert.Equal(2_000_000, options.SegmentBytes);
        Assert.True(options is { IsCompacted: true, IsDeleted: true, Compression: CompressionCodec.Zstd });
        Assert.Equal(3, options.CompressionLevel);
    }

    [Fact]
    public void Sources_OfATopicConfig_AreInTheOrderInWhichTheyCount()
    {
        EffectiveConfigs configs = new(new Dictionary<string, string> { ["message.max.bytes"] = "3" }, 7);
        ConfigsImage image = ConfigsImage.Empty
            .With(ConfigResource.Broker(7), "message.max.bytes", "1")
            .With(ConfigResource.DefaultBroker, "message.max.bytes", "2")
            .With(ConfigResource.Broker(8), "message.max.bytes", "9");

        ConfigEntry entry = configs.Topic(
            image,
            new Dictionary<string, string> { ["max.message.bytes"] = "0" },
            TopicConfigs.All["max.message.bytes"]);

        Assert.Equal(("0", ConfigSource.DynamicTopic), (entry.Value, entry.Source));
        Assert.Equal(
            [
                ("max.message.bytes", "0", ConfigSource.DynamicTopic),
                ("message.max.bytes", "1", ConfigSource.DynamicBroker),
                ("message.max.bytes", "2", ConfigSource.DynamicDefaultBroker),
                ("message.max.bytes", "3", ConfigSource.StaticBroker),
                ("message.max.bytes", "1048588", ConfigSource.Default),
            ],
            entry.Synonyms.Select(synonym => (synonym.Name, synonym.Value!, synonym.Source)));
    }

    [Theory]
    [InlineData("preallocate", "perhaps",
        "Invalid value perhaps for configuration preallocate: Expected value to be either true or false")]
    [InlineData("segment.bytes", "99999999999",
        "Invalid value 99999999999 for configuration segment.bytes: Not a number of type INT")]
    [InlineData("min.cleanable.dirty.ratio", "1.5",
        "Invalid value 1.5 for configuration min.cleanable.dirty.ratio: Value must be no more than 1")]
    [InlineData("compression.gzip.level", "0",
        "Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1")]
    [InlineData("leader.replication.throttled.replicas", "x", "leader.replication.throttled.replicas must be the "
        + "literal '*' or a list of replicas in the following format: "
        + "[partitionId]:[brokerId],[partitionId]:[brokerId],...")]
    [InlineData("cleanup.policy", "delete,delete",
        "Configuration 'cleanup.policy' values must not be duplicated.")]
    [InlineData("retention.ms", " 5 ", null)]
    public void Check_Value_IsJudgedAsKafkaDoes(string name, string value, string? error) =>
        Assert.Equal(error, TopicConfigs.All[name].Check(value));

    private static ConfigTable Table(string name) => name switch
    {
        "topic" => TopicConfigs.All,
        "broker" => BrokerConfigs.All,
        "dynamic" => BrokerConfigs.Dynamic,
        "group" => GroupConfigs.All,
        _ => ClientMetricsConfigs.All,
    };
}
