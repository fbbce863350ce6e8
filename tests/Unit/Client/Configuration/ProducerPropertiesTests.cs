using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Configuration;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol.Compression;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Tests.Unit.Client.Configuration;

/// <summary>Kafka's properties of a producer: what they mean, and the very words that Kafka 4.4 refuses them with.
/// </summary>
public sealed class ProducerPropertiesTests
{
    [Theory]
    [InlineData("acks=2", "Invalid value 2 for configuration acks: String must be one of: all, -1, 0, 1")]
    [InlineData("acks=ALL", "Invalid value ALL for configuration acks: String must be one of: all, -1, 0, 1")]
    [InlineData("batch.size=abc", "Invalid value abc for configuration batch.size: Not a number of type INT")]
    [InlineData("batch.size=-1", "Invalid value -1 for configuration batch.size: Value must be at least 0")]
    [InlineData("batch.size=99999999999",
        "Invalid value 99999999999 for configuration batch.size: Not a number of type INT")]
    [InlineData("linger.ms=x", "Invalid value x for configuration linger.ms: Not a number of type LONG")]
    [InlineData("linger.ms=", "Invalid value  for configuration linger.ms: Not a number of type LONG")]
    [InlineData("retries=-1", "Invalid value -1 for configuration retries: Value must be at least 0")]
    [InlineData("compression.type=GZIP",
        "Invalid value GZIP for configuration compression.type: String must be one of: none, gzip, snappy, lz4, zstd")]
    [InlineData("compression.gzip.level=12",
        "Invalid value 12 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1")]
    [InlineData("compression.zstd.level=99",
        "Invalid value 99 for configuration compression.zstd.level: Value must be no more than 22")]
    [InlineData("compression.lz4.level=0",
        "Invalid value 0 for configuration compression.lz4.level: Value must be at least 1")]
    [InlineData("enable.idempotence=maybe",
        "Invalid value maybe for configuration enable.idempotence: Expected value to be either true or false")]
    [InlineData("enable.idempotence=true acks=1", "Must set acks to all in order to use the idempotent producer. "
        + "Otherwise we cannot guarantee idempotence.")]
    [InlineData("enable.idempotence=true retries=0",
        "Must set retries to non-zero when using the idempotent producer.")]
    [InlineData("max.in.flight.requests.per.connection=6", "To use the idempotent producer, "
        + "max.in.flight.requests.per.connection must be set to at most 5. Current value is 6.")]
    [InlineData("max.in.flight.requests.per.connection=0",
        "Invalid value 0 for configuration max.in.flight.requests.per.connection: Value must be at least 1")]
    [InlineData("transactional.id=x enable.idempotence=false",
        "Cannot set a transactional.id without also enabling idempotence.")]
    [InlineData("transactional.id=x acks=1", "Cannot set a transactional.id without also enabling idempotence.")]
    [InlineData("transactional.id=", "Invalid value  for configuration transactional.id: String must be non-empty")]
    [InlineData("delivery.timeout.ms=100",
        "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms")]
    [InlineData("bootstrap.servers=", "Configuration 'bootstrap.servers' must not be empty. "
        + "Valid values include: any non-empty value")]
    [InlineData("bootstrap.servers=foo", "Invalid url in bootstrap.servers: foo")]
    [InlineData("bootstrap.servers=a:1,,b:2", "Configuration 'bootstrap.servers' values must not be empty.")]
    [InlineData("reconnect.backoff.ms=-5",
        "Invalid value -5 for configuration reconnect.backoff.ms: Value must be at least 0")]
    [InlineData("send.buffer.bytes=-2",
        "Invalid value -2 for configuration send.buffer.bytes: Value must be at least -1")]
    [InlineData("metrics.num.samples=many",
        "Invalid value many for configuration metrics.num.samples: Not a number of type INT")]
    public void WrongValues_AreRefusedInKafkasWords(string properties, string message)
    {
        KafkaConfigException error = Assert.Throws<KafkaConfigException>(() => Read(properties));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void MissingServers_AreRefused()
    {
        KafkaConfigException error = Assert.Throws<KafkaConfigException>(
            () => ProducerOptions.FromProperties(new Dictionary<string, string>()));

        Assert.Equal(
            "Missing required configuration \"bootstrap.servers\" which has no default value.", error.Message);
    }

    [Fact]
    public void Values_ReachTheirOptions()
    {
        ProducerOptions options = Read(
            "bootstrap.servers=a:1,[::1]:2 client.id=c acks=-1 batch.size=5 linger.ms=7 buffer.memory=1000 retries=3 "
            + "compression.type=zstd compression.zstd.level=-7 compression.gzip.level=2 transactional.id=t "
            + "transaction.timeout.ms=11 max.block.ms=13 max.request.size=17 delivery.timeout.ms=90000 "
            + "request.timeout.ms=19 reconnect.backoff.ms=23 reconnect.backoff.max.ms=29 retry.backoff.ms=31 "
            + "retry.backoff.max.ms=37 metadata.max.age.ms=41 socket.connection.setup.timeout.ms=43 "
            + "socket.connection.setup.timeout.max.ms=47 send.buffer.bytes=53 receive.buffer.bytes=59 "
            + "partitioner.ignore.keys=TRUE max.in.flight.requests.per.connection=2 enable.idempotence=true");

        ProducerOptions expected = new()
        {
            BootstrapServers = "a:1,[::1]:2",
            ClientId = "c",
            Acks = Acks.All,
            BatchSize = 5,
            Linger = TimeSpan.FromMilliseconds(7),
            BufferMemory = 1000,
            Retries = 3,
            Compression = CompressionCodec.Zstd,
            CompressionLevel = -7,
            TransactionalId = "t",
            TransactionTimeout = TimeSpan.FromMilliseconds(11),
            MaxBlock = TimeSpan.FromMilliseconds(13),
            MaxRequestSize = 17,
            DeliveryTimeout = TimeSpan.FromSeconds(90),
            RequestTimeout = TimeSpan.FromMilliseconds(19),
            ReconnectBackoff = TimeSpan.FromMilliseconds(23),
            ReconnectBackoffMax = TimeSpan.FromMilliseconds(29),
            RetryBackoff = TimeSpan.FromMilliseconds(31),
            RetryBackoffMax = TimeSpan.FromMilliseconds(37),
            MetadataMaxAge = TimeSpan.FromMilliseconds(41),
            ConnectTimeout = TimeSpan.FromMilliseconds(43),
            ConnectTimeoutMax = TimeSpan.FromMilliseconds(47),
            SendBufferBytes = 53,
            ReceiveBufferBytes = 59,
            IgnoreKeys = true,
            MaxInFlight = 2,
            EnableIdempotence = true,
        };
        Assert.Equal(expected, options);
    }

    [Fact]
    public void WithoutProperties_DefaultsAreKafkas() =>
        Assert.Equal(new ProducerOptions { BootstrapServers = "a:1" }, Read("bootstrap.servers=a:1"));

    [Fact]
    public void WithoutAcks_IdempotenceGoesSilently() => Assert.False(Read("acks=1").IsIdempotent);

    [Fact]
    public void DeliveryTimeout_GivesWayWhereItWasNotSet() =>
        Assert.Equal(TimeSpan.FromMilliseconds(400_005), Read("request.timeout.ms=400000").DeliveryTimeout);

    [Fact]
    public void EveryKeyOfKafkas_IsKnown_AndStrangeOnesAreWarnedOf()
    {
        AssertKnown(KafkaKeys.Producer, (keys, loggers) => ProducerOptions.FromProperties(keys, loggers));
        AssertKnown(KafkaKeys.Admin, (keys, loggers) => AdminOptions.FromProperties(keys, loggers));
    }

    internal static void AssertKnown(
        IReadOnlyList<string> keys, Action<Dictionary<string, string>, ILoggerFactory> read)
    {
        Assert.True(keys.Count > 90);
        foreach (string key in keys)
        {
            RecordingLoggers loggers = new();
            Dictionary<string, string> properties = new() { ["bootstrap.servers"] = "a:1", [key] = "§" };
            if (key == "bootstrap.servers")
            {
                continue;
            }

            try
            {
                read(properties, loggers);
            }
            catch (KafkaConfigException)
            {
                continue; // its value is looked at
            }

            Assert.DoesNotContain($"The configuration {key} is not known", loggers.Messages);
        }

        RecordingLoggers strange = new();
        read(new() { ["bootstrap.servers"] = "a:1", ["linger.mss"] = "5", ["metrics.num.samples"] = "2" }, strange);
        Assert.Contains("The configuration linger.mss is not known", strange.Messages);
        Assert.Contains(
            strange.Entries, entry => entry.Level == LogLevel.Warning
                && entry.Message.StartsWith(
                    "The configuration metrics.num.samples is known and has no effect here",
                    StringComparison.Ordinal));
    }

    private static ProducerOptions Read(string properties)
    {
        Dictionary<string, string> parsed = new() { ["bootstrap.servers"] = "h:1" };
        foreach (string entry in properties.Split(' '))
        {
            int equals = entry.IndexOf('=');
            parsed[entry[..equals]] = entry[(equals + 1)..];
        }

        return ProducerOptions.FromProperties(parsed);
    }
}
