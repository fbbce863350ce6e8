using KRaftSharp.Client.Configuration;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Consumer.Assignors;
using KRaftSharp.Client.Sharing;

namespace KRaftSharp.Tests.Unit.Client.Configuration;

/// <summary>Kafka's properties of consumers: what they mean, and the words that Kafka 4.4 refuses them with.</summary>
public sealed class ConsumerPropertiesTests
{
    [Theory]
    [InlineData("auto.offset.reset=sometimes", "Invalid value sometimes for configuration auto.offset.reset: "
        + "Invalid value `sometimes` for configuration auto.offset.reset. The value must be either 'earliest', "
        + "'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'.")]
    [InlineData("auto.offset.reset=by_duration:-PT1H", "Invalid value by_duration:-PT1H for configuration "
        + "auto.offset.reset: Invalid value `by_duration:-PT1H` for configuration auto.offset.reset. The value must be "
        + "either 'earliest', 'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'.")]
    [InlineData("isolation.level=dirty", "Invalid value dirty for configuration isolation.level: String must be one "
        + "of: read_committed, read_uncommitted")]
    [InlineData("group.protocol=new", "Invalid value new for configuration group.protocol: String must be one of "
        + "(case insensitive): CONSUMER, CLASSIC")]
    [InlineData("max.poll.records=0", "Invalid value 0 for configuration max.poll.records: Value must be at least 1")]
    [InlineData("max.poll.records=x", "Invalid value x for configuration max.poll.records: Not a number of type INT")]
    [InlineData("fetch.min.bytes=-1", "Invalid value -1 for configuration fetch.min.bytes: Value must be at least 0")]
    [InlineData("group.instance.id=", "Invalid value  for configuration group.instance.id: String must be non-empty")]
    [InlineData("enable.auto.commit=true",
        "enable.auto.commit cannot be set to true when default group id (null) is used.")]
    [InlineData("group.protocol=consumer session.timeout.ms=1 heartbeat.interval.ms=2",
        "heartbeat.interval.ms, session.timeout.ms cannot be set when group.protocol=CONSUMER")]
    [InlineData("group.remote.assignor=range", "group.remote.assignor cannot be set when group.protocol=CLASSIC")]
    [InlineData("group.id=g heartbeat.interval.ms=100 session.timeout.ms=100",
        "Heartbeat must be set lower than the session timeout")]
    [InlineData("metrics.num.samples=many",
        "Invalid value many for configuration metrics.num.samples: Not a number of type INT")]
    public void WrongValues_AreRefusedInKafkasWords(string properties, string message) =>
        Assert.Equal(message, Assert.Throws<KafkaConfigException>(() => Read(properties)).Message);

    [Fact]
    public void Values_ReachTheirOptions()
    {
        ConsumerOptions options = Read(
            "group.id=g group.instance.id=i partition.assignment.strategy=org.apache.kafka.clients.consumer."
            + "StickyAssignor,RoundRobinAssignor session.timeout.ms=11 heartbeat.interval.ms=3 max.poll.interval.ms=13 "
            + "enable.auto.commit=false auto.commit.interval.ms=17 auto.offset.reset=by_duration:P1DT2H "
            + "isolation.level=read_committed fetch.min.bytes=19 fetch.max.wait.ms=23 fetch.max.bytes=29 "
            + "max.partition.fetch.bytes=31 max.poll.records=37 check.crcs=false client.rack=r "
            + "default.api.timeout.ms=41 request.timeout.ms=43");

        Assert.Equal(("g", "i", "r"), (options.GroupId, options.GroupInstanceId, options.Rack));
        Assert.Equal([PartitionAssignors.Sticky, PartitionAssignors.RoundRobin], options.Assignors);
        Assert.Equal(
            [11, 3, 13, 17, 23, 41, 43],
            new[]
            {
                options.SessionTimeout, options.HeartbeatInterval, options.MaxPollInterval, options.AutoCommitInterval,
                options.FetchMaxWait, options.ApiTimeout, options.RequestTimeout,
            }.Select(time => (int)time.TotalMilliseconds));
        Assert.Equal(
            (OffsetReset.ByDuration, TimeSpan.FromHours(26)), (options.OffsetReset, options.OffsetResetDuration));
        Assert.Equal(
            [19, 29, 31, 37],
            [options.FetchMinBytes, options.FetchMaxBytes, options.MaxPartitionFetchBytes, options.MaxPollRecords]);
        Assert.Equal(IsolationLevel.ReadCommitted, options.IsolationLevel);
        Assert.Equal((false, false), (options.EnableAutoCommit, options.CheckCrcs));
        Assert.Equal(
            (GroupProtocol.Consumer, "uniform"),
            Read("group.protocol=CONSUMER group.remote.assignor=uniform") is var modern
                ? (modern.GroupProtocol, modern.GroupRemoteAssignor)
                : default);
    }

    [Fact]
    public void NoValues_GiveKafkasDefaults()
    {
        ConsumerOptions options = Read("");

        Assert.Equal(new ConsumerOptions().MaxPollRecords, options.MaxPollRecords);
        Assert.Equal((null, false), (options.GroupId, options.EnableAutoCommit)); // nothing to commit to
        Assert.True(Read("group.id=g").EnableAutoCommit);
    }

    [Theory]
    [InlineData("group.id=g auto.offset.reset=earliest isolation.level=read_committed",
        "auto.offset.reset, isolation.level cannot be set when using a share group.")]
    [InlineData("share.acknowledgement.mode=maybe group.id=g",
        "Invalid value maybe for configuration share.acknowledgement.mode: String must be one of: implicit, explicit")]
    [InlineData("share.acquire.mode=all group.id=g", "Invalid value all for configuration share.acquire.mode: String "
        + "must be one of (case insensitive): batch_optimized, record_limit")]
    [InlineData("client.id=c", "group.id must be set: records are shared by the members of a group.")]
    public void Share_WrongValues_AreRefused(string properties, string message) =>
        Assert.Equal(message, Assert.Throws<KafkaConfigException>(() => ReadShare(properties)).Message);

    [Fact]
    public void Share_ValuesReachTheirOptions()
    {
        ShareConsumerOptions options = ReadShare(
            "group.id=g share.acknowledgement.mode=explicit share.acquire.mode=RECORD_LIMIT max.poll.records=3 "
            + "fetch.max.wait.ms=5 max.poll.interval.ms=7 client.rack=r");

        Assert.Equal(
            ("g", AcknowledgementMode.Explicit, ShareAcquireMode.RecordLimit, 3, "r"),
            (options.GroupId, options.AcknowledgementMode, options.AcquireMode, options.MaxPollRecords, options.Rack));
        Assert.Equal((5, 7), (options.FetchMaxWait.TotalMilliseconds, options.MaxPollInterval.TotalMilliseconds));
    }

    [Fact]
    public void EveryKeyOfKafkas_IsKnown_AndStrangeOnesAreWarnedOf()
    {
        ProducerPropertiesTests.AssertKnown(
            KafkaKeys.Consumer, (keys, loggers) => ConsumerOptions.FromProperties(keys, loggers));
        ProducerPropertiesTests.AssertKnown(KafkaKeys.Consumer, (keys, loggers) =>
        {
            keys.TryAdd("group.id", "g");
            ShareConsumerOptions.FromProperties(keys, loggers);
        });
    }

    private static ConsumerOptions Read(string properties) => ConsumerOptions.FromProperties(Parse(properties));

    private static ShareConsumerOptions ReadShare(string properties) =>
        ShareConsumerOptions.FromProperties(Parse(properties));

    private static Dictionary<string, string> Parse(string properties)
    {
        Dictionary<string, string> pairs = new() { ["bootstrap.servers"] = "a:1" };
        foreach (string pair in properties.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            pairs[pair.Split('=')[0]] = pair.Split('=', 2)[1];
        }

        return pairs;
    }
}
