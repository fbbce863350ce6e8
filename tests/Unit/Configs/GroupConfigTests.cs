using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Unit.Configs;

/// <summary>The configs of groups: what is refused, and what counts.</summary>
public sealed class GroupConfigTests
{
    [Theory]
    [InlineData("consumer.session.timeout.ms", "45000", null)]
    [InlineData("consumer.session.timeout.ms", "60001",
        "consumer.session.timeout.ms must be in the range 45000 to 60000 inclusive.")]
    [InlineData("consumer.assignment.interval.ms", "15001",
        "consumer.assignment.interval.ms must be in the range 0 to 15000 inclusive.")]
    [InlineData("streams.num.standby.replicas", "3", "streams.num.standby.replicas must be less than or equal to 2")]
    [InlineData("streams.task.offset.interval.ms", "14999",
        "streams.task.offset.interval.ms must be greater than or equal to 15000")]
    [InlineData("streams.assignor.name", "odd",
        "streams.assignor.name 'odd' is not a registered task assignor. Registered assignors are: [sticky].")]
    [InlineData("streams.rack.aware.assignment.tags", "a,b,a",
        "streams.rack.aware.assignment.tags must not contain duplicate tag keys.")]
    [InlineData("errors.deadletterqueue.topic.name", "__dead",
        "errors.deadletterqueue.topic.name: DLQ topic name must not start with '__'")]
    [InlineData("share.delivery.count.limit", "2", null)]
    [InlineData("no.such", "1", "Unknown group config name: no.such")]
    public void Validate_OneConfig_SaysWhatIsWrong(string name, string value, string? expected) =>
        Assert.Equal(expected, GroupConfigs.Validate(
            new Dictionary<string, string> { [name] = value }, broker => BrokerConfigs.All[broker].Default));

    [Fact]
    public void Validate_SessionNotLongerThanHeartbeat_IsRefused()
    {
        string? Broker(string name) => name.Contains(".min.", StringComparison.Ordinal) ? "1" : "45000";

        Assert.Equal(
            "consumer.session.timeout.ms must be greater than consumer.heartbeat.interval.ms",
            GroupConfigs.Validate(
                new Dictionary<string, string> { ["consumer.heartbeat.interval.ms"] = "45000" }, Broker));
    }

    [Fact]
    public void GroupValue_OwnThenDynamicThenFile_AndWithinTheBrokersBounds()
    {
        EffectiveConfigs configs = new(
            new Dictionary<string, string>
            {
                ["group.consumer.heartbeat.interval.ms"] = "7000",
                ["group.consumer.max.assignment.interval.ms"] = "9000",
            },
            1);
        ConfigResource group = new(ConfigResourceType.Group, "g");
        ConfigsImage image = ConfigsImage.Empty
            .With(group, "consumer.session.timeout.ms", "50000")
            .With(group, "consumer.heartbeat.interval.ms", "99000")
            .With(ConfigResource.DefaultBroker, "group.consumer.assignment.interval.ms", "12000");

        Assert.Equal("50000", configs.GroupValue(image, "g", "consumer.session.timeout.ms"));
        Assert.Equal("45000", configs.GroupValue(image, "other", "consumer.session.timeout.ms"));
        Assert.Equal("15000", configs.GroupValue(image, "g", "consumer.heartbeat.interval.ms"));
        Assert.Equal("7000", configs.GroupValue(image, "other", "consumer.heartbeat.interval.ms"));
        Assert.Equal("9000", configs.GroupValue(image, "g", "consumer.assignment.interval.ms"));
        Assert.Equal("latest", configs.GroupValue(image, "g", "share.auto.offset.reset"));
    }
}
