using KRaftSharp.Client.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Client.Sharing;

/// <summary>How a member of a share group reads. Kafka's key beside each, with Kafka's default. Where a group begins
/// (<c>share.auto.offset.reset</c>), what it sees of transactions and how long its locks are, are configurations of the
/// group.</summary>
public sealed record ShareConsumerOptions : ClientOptions
{
    /// <summary><c>group.id</c>: whose members share the records.</summary>
    public required string GroupId { get; init; }

    /// <summary><c>share.acknowledgement.mode</c>.</summary>
    public AcknowledgementMode AcknowledgementMode { get; init; } = AcknowledgementMode.Implicit;

    /// <summary><c>share.acquire.mode</c> (KIP-1206).</summary>
    public ShareAcquireMode AcquireMode { get; init; } = ShareAcquireMode.BatchOptimized;

    /// <summary><c>max.poll.records</c>: no poll returns more, and so many are asked of a broker at once.</summary>
    public int MaxPollRecords { get; init; } = 500;

    /// <summary><c>max.poll.interval.ms</c>: a member that does not poll for so long leaves.</summary>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>fetch.min.bytes</c>: the broker answers once so much is there.</summary>
    public int FetchMinBytes { get; init; } = 1;

    /// <summary><c>fetch.max.wait.ms</c>: the broker answers after that time whatever is there.</summary>
    public TimeSpan FetchMaxWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary><c>fetch.max.bytes</c>: bounds one answer.</summary>
    public int FetchMaxBytes { get; init; } = 50 * 1024 * 1024;

    /// <summary><c>check.crcs</c>.</summary>
    public bool CheckCrcs { get; init; } = true;

    /// <summary><c>client.rack</c>.</summary>
    public string Rack { get; init; } = "";

    /// <summary>Reads Kafka's properties of a share consumer, as <c>ConsumerOptions.FromProperties</c> does.</summary>
    /// <exception cref="KafkaConfigException">A value is wrong, <c>bootstrap.servers</c> or <c>group.id</c> is missing,
    /// or a key is not for share groups.</exception>
    public static ShareConsumerOptions FromProperties(
        IEnumerable<KeyValuePair<string, string>> properties, ILoggerFactory? loggers = null)
    {
        ShareConsumerOptions options = ConsumerProperties.Read(
            new PropertyReader(properties),
            new ShareConsumerOptions { GroupId = "", Loggers = loggers ?? NullLoggerFactory.Instance });
        options.Validate();
        return options;
    }

    /// <inheritdoc/>
    internal override void Validate()
    {
        base.Validate();
        if (string.IsNullOrEmpty(GroupId))
        {
            throw new KafkaConfigException("group.id", GroupId ?? "null", "a share consumer needs a group");
        }

        RequireAtLeast("max.poll.records", MaxPollRecords, 1);
        RequireTime("max.poll.interval.ms", MaxPollInterval);
        RequireAtLeast("max.poll.interval.ms", (long)MaxPollInterval.TotalMilliseconds, 1);
        RequireAtLeast("fetch.min.bytes", FetchMinBytes, 0);
        RequireTime("fetch.max.wait.ms", FetchMaxWait);
        RequireAtLeast("fetch.max.bytes", FetchMaxBytes, 0);
    }
}
