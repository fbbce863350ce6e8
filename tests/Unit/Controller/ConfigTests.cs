using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Unit.Controller;

public sealed class ConfigTests
{
    private readonly ControllerBench _bench = ControllerBench.WithBrokers(1);

    public ConfigTests() => _bench.CreateTopic("t");

    [Fact]
    public void Incremental_ListOperations_AppendAndSubtract()
    {
        Assert.Equal(ErrorCode.None, Alter(2, "t", "cleanup.policy", 2, "compact").ErrorCode);
        Assert.Equal("delete,compact", Value("cleanup.policy"));
        Assert.Equal(ErrorCode.None, Alter(2, "t", "cleanup.policy", 3, "delete").ErrorCode);
        Assert.Equal("compact", Value("cleanup.policy"));
        Assert.Equal(ErrorCode.None, Alter(2, "t", "cleanup.policy", 1, null).ErrorCode);
        Assert.Null(Value("cleanup.policy"));
    }

    [Theory]
    [InlineData(2, "no", "retention.ms", 0, "1", ErrorCode.UnknownTopicOrPartition, "The topic 'no' does not exist.")]
    [InlineData(2, "t", "retention.ms", 0, null, ErrorCode.InvalidRequest,
        "Null value not supported for : retention.ms")]
    [InlineData(2, "t", "retention.ms", 2, "1", ErrorCode.InvalidConfig,
        "Can't APPEND to key retention.ms because its type is not LIST.")]
    [InlineData(2, "t", "retention.ms", 9, "1", ErrorCode.UnknownServerError, null)]
    [InlineData(2, "", "retention.ms", 0, "1", ErrorCode.InvalidRequest, "Default topic resources are not allowed.")]
    [InlineData(99, "t", "retention.ms", 0, "1", ErrorCode.InvalidRequest, "Unknown resource type 99")]
    [InlineData(4, "0", "broker.id", 0, "7", ErrorCode.InvalidRequest,
        "Cannot update these configs dynamically: [broker.id]")]
    [InlineData(4, "0", "min.insync.replicas", 0, "2", ErrorCode.InvalidConfig,
        "Broker-level min.insync.replicas cannot be altered while ELR is enabled.")]
    [InlineData(4, "", "min.insync.replicas", 1, null, ErrorCode.InvalidConfig,
        "Cluster-level min.insync.replicas cannot be removed while ELR is enabled.")]
    [InlineData(32, "g", "consumer.heartbeat.interval.ms", 0, "1", ErrorCode.InvalidConfig,
        "consumer.heartbeat.interval.ms must be in the range 5000 to 15000 inclusive.")]
    [InlineData(16, "m", "interval.ms", 0, "1", ErrorCode.InvalidRequest,
        "Invalid value 1 for interval.ms, interval must be between 100 and 3600000 (1 hour)")]
    [InlineData(16, "m", "match", 0, "no_such_thing=1", ErrorCode.InvalidConfig,
        "Illegal client matching pattern: no_such_thing=1")]
    public void Incremental_WhatCannotBe_IsRefusedInKafkasWords(
        sbyte type, string resource, string name, sbyte operation, string? value, ErrorCode error, string? message)
    {
        IncrementalAlterConfigsResponse.AlterConfigsResourceResponse result =
            Alter(type, resource, name, operation, value);

        Assert.Equal(error, result.ErrorCode);
        Assert.Equal(message, result.ErrorMessage);
    }

    [Fact]
    public void Incremental_GroupAndBrokerConfigs_AreKept()
    {
        Assert.Equal(ErrorCode.None, Alter(32, "g", "consumer.session.timeout.ms", 0, "50000").ErrorCode);
        Assert.Equal(ErrorCode.None, Alter(4, "0", "log.cleaner.threads", 0, "2").ErrorCode);
        Assert.Equal(ErrorCode.None, Alter(4, "", "log.cleaner.threads", 0, "3").ErrorCode);

        Assert.Equal("50000", _bench.Image.Configs.For(new(ConfigResourceType.Group, "g")).Values.Single());
        Assert.Equal("2", _bench.Image.Configs.For(ConfigResource.Broker(0))["log.cleaner.threads"]);
        Assert.Equal("3", _bench.Image.Configs.For(ConfigResource.DefaultBroker)["log.cleaner.threads"]);
    }

    [Fact]
    public void Legacy_WhatIsNotNamed_GoesBackToItsDefault()
    {
        Alter(2, "t", "retention.ms", 0, "1000");
        AlterConfigsRequest request = new()
        {
            Resources =
            [
                new()
                {
                    ResourceType = 2,
                    ResourceName = "t",
                    Configs = [new() { Name = "max.message.bytes", Value = "777" }],
                },
            ],
        };

        Assert.Equal(ErrorCode.None, _bench.Ask<AlterConfigsResponse>(request, 2).Responses[0].ErrorCode);

        Assert.Null(Value("retention.ms"));
        Assert.Equal("777", Value("max.message.bytes"));
    }

    [Theory]
    [InlineData("no.such.feature", 1, 1, "Invalid update version 1 for feature no.such.feature. Local controller 1 "
        + "does not support this feature.")]
    [InlineData("metadata.version", 9999, 1, "Invalid update version 9999 for feature metadata.version. Local "
        + "controller 1 only supports versions 7-33")]
    [InlineData("metadata.version", 7, 1, "Invalid update version 7 for feature metadata.version. Can't downgrade the "
        + "version of this feature without setting the upgrade type to either safe or unsafe downgrade.")]
    [InlineData("metadata.version", 29, 3, "Unsupported metadata.version downgrade from 33 to 29. Unsafe metadata "
        + "downgrade is not supported in this version.")]
    [InlineData("metadata.version", 29, 2, "Unsupported metadata.version downgrade from 33 to 29. Refusing to perform "
        + "the requested downgrade because it might delete metadata information.")]
    [InlineData("share.version", 0, 9, "Invalid update version 0 for feature share.version. The controller does not "
        + "support the given upgrade type.")]
    [InlineData("share.version", -1, 1, "Invalid update version -1 for feature share.version. A feature version cannot "
        + "be less than 0.")]
    public void UpdateFeatures_WhatCannotBe_IsRefusedInKafkasWords(
        string feature, short level, sbyte type, string message)
    {
        UpdateFeaturesResponse response = UpdateFeature(feature, level, type);

        Assert.Equal(ErrorCode.InvalidUpdateVersion, response.ErrorCode);
        Assert.Equal(
            "The update failed for all features since the following feature had an error: " + message,
            response.ErrorMessage);
    }

    [Fact]
    public void UpdateFeatures_DowngradeOfAFeature_ChangesItsLevel()
    {
        Assert.Equal(ErrorCode.None, UpdateFeature("share.version", 1, 2).ErrorCode);

        Assert.Equal(1, _bench.Image.Features.LevelOf("share.version"));
    }

    [Fact]
    public void UpdateFeatures_KRaftVersion_IsTheQuorumsToReach()
    {
        _bench.Quorum.UpgradeRefusal = "not yet";
        UpdateFeaturesResponse refused = UpdateFeature("kraft.version", 1, 1);
        Assert.Equal(ErrorCode.InvalidUpdateVersion, refused.ErrorCode);
        Assert.EndsWith(": not yet", refused.ErrorMessage, StringComparison.Ordinal);

        _bench.Quorum.UpgradeRefusal = null;
        Assert.Equal(ErrorCode.None, UpdateFeature("kraft.version", 1, 1).ErrorCode);

        Assert.Equal(1, _bench.Quorum.KRaftVersion);
        Assert.False(_bench.Image.Features.FinalizedLevels.ContainsKey("kraft.version"));
        Assert.Equal(
            "The update failed for all features since the following feature had an error: Invalid update version 0 for "
            + "feature kraft.version. Can't downgrade the version of this feature.",
            UpdateFeature("kraft.version", 0, 3).ErrorMessage);
    }

    private UpdateFeaturesResponse UpdateFeature(string feature, short level, sbyte type) =>
        _bench.Ask<UpdateFeaturesResponse>(
            new UpdateFeaturesRequest
            {
                FeatureUpdates = [new() { Feature = feature, MaxVersionLevel = level, UpgradeType = type }],
            },
            2);

    private string? Value(string name) =>
        _bench.Image.Configs.For(ConfigResource.Topic("t")).GetValueOrDefault(name);

    private IncrementalAlterConfigsResponse.AlterConfigsResourceResponse Alter(
        sbyte type, string resource, string name, sbyte operation, string? value) =>
        _bench.Ask<IncrementalAlterConfigsResponse>(
            new IncrementalAlterConfigsRequest
            {
                Resources =
                [
                    new()
                    {
                        ResourceType = type,
                        ResourceName = resource,
                        Configs = [new() { Name = name, ConfigOperation = operation, Value = value }],
                    },
                ],
            },
            1).Responses.Single();
}
