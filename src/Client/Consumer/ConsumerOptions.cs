using KRaftSharp.Client.Configuration;
using KRaftSharp.Client.Consumer.Assignors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Client.Consumer;

/// <summary>How a consumer reads. Kafka's key beside each, with Kafka's default.</summary>
public sealed record ConsumerOptions : ClientOptions
{
    /// <summary><c>group.id</c>: whose offsets are committed and whose partitions are shared; null: no group.</summary>
    public string? GroupId { get; init; }

    /// <summary><c>group.instance.id</c>: a static member (KIP-345), which keeps its partitions over a restart; each
    /// instance of a group its own.</summary>
    public string? GroupInstanceId { get; init; }

    /// <summary><c>group.protocol</c>.</summary>
    public GroupProtocol GroupProtocol { get; init; } = GroupProtocol.Classic;

    /// <summary><c>group.remote.assignor</c>: the coordinator's assignor by KIP-848; null: its own choice.</summary>
    public string? GroupRemoteAssignor { get; init; }

    /// <summary><c>partition.assignment.strategy</c> of classic groups, the preferred one first. A group is cooperative
    /// when all of them are.</summary>
    public IReadOnlyList<IPartitionAssignor> Assignors { get; init; } =
        [PartitionAssignors.Range, PartitionAssignors.CooperativeSticky];

    /// <summary><c>session.timeout.ms</c> of classic groups: without a heartbeat for so long a member is out.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary><c>heartbeat.interval.ms</c> of classic groups; by KIP-848 the coordinator says.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary><c>max.poll.interval.ms</c>: a member that does not poll for so long leaves; also how long a rebalance
    /// waits for a member.</summary>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>enable.auto.commit</c>: what polls have returned is committed by later polls, before partitions are
    /// given up, and on closing. Without a group nothing is committed.</summary>
    public bool EnableAutoCommit { get; init; } = true;

    /// <summary><c>auto.commit.interval.ms</c>.</summary>
    public TimeSpan AutoCommitInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>auto.offset.reset</c>.</summary>
    public OffsetReset OffsetReset { get; init; } = OffsetReset.Latest;

    /// <summary>How far back <see cref="OffsetReset.ByDuration"/> goes; not negative. Kafka writes it
    /// <c>by_duration:PnDTnHnMn.nS</c>.</summary>
    public TimeSpan? OffsetResetDuration { get; init; }

    /// <summary><c>isolation.level</c>.</summary>
    public IsolationLevel IsolationLevel { get; init; } = IsolationLevel.ReadUncommitted;

    /// <summary><c>fetch.min.bytes</c>: the broker answers once so much is there.</summary>
    public int FetchMinBytes { get; init; } = 1;

    /// <summary><c>fetch.max.wait.ms</c>: the broker answers after that time whatever is there.</summary>
    public TimeSpan FetchMaxWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary><c>fetch.max.bytes</c>: bounds one answer.</summary>
    public int FetchMaxBytes { get; init; } = 50 * 1024 * 1024;

    /// <summary><c>max.partition.fetch.bytes</c>.</summary>
    public int MaxPartitionFetchBytes { get; init; } = 1024 * 1024;

    /// <summary><c>max.poll.records</c>: no poll returns more; whole batches while they fit.</summary>
    public int MaxPollRecords { get; init; } = 500;

    /// <summary>Bounds what is fetched ahead and what polls have returned and not disposed, all brokers together; a
    /// single batch beyond it still comes. librdkafka's <c>queued.max.messages.kbytes</c>.</summary>
    public int PrefetchMaxBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary><c>check.crcs</c>.</summary>
    public bool CheckCrcs { get; init; } = true;

    /// <summary><c>client.rack</c>: replicas of the same rack are read (KIP-392) and assigned (KIP-881) where that is
    /// possible.</summary>
    public string Rack { get; init; } = "";

    /// <summary><c>interceptor.classes</c>.</summary>
    public IReadOnlyList<IConsumerInterceptor> Interceptors { get; init; } = [];

    /// <summary>Reads Kafka's properties of a consumer (<c>group.id</c>, <c>auto.offset.reset</c>, ...): its keys,
    /// units, defaults and errors.</summary>
    /// <remarks>Keys that have no effect here and keys that nobody knows are warned of. What is given in code
    /// (interceptors, assignors of one's own) is added with <c>with { ... }</c>.</remarks>
    /// <exception cref="KafkaConfigException">A value is wrong, <c>bootstrap.servers</c> is missing, or two settings
    /// contradict each other.</exception>
    public static ConsumerOptions FromProperties(
        IEnumerable<KeyValuePair<string, string>> properties, ILoggerFactory? loggers = null)
    {
        ConsumerOptions options = ConsumerProperties.Read(
            new PropertyReader(properties),
            new ConsumerOptions { Loggers = loggers ?? NullLoggerFactory.Instance });
        options.Validate();
        return options;
    }

    /// <inheritdoc/>
    internal override void Validate()
    {
        base.Validate();
        RequireAtLeast("max.poll.records", MaxPollRecords, 1);
        RequireTime("max.poll.interval.ms", MaxPollInterval);
        RequireAtLeast("max.poll.interval.ms", (long)MaxPollInterval.TotalMilliseconds, 1);
        RequireTime("auto.commit.interval.ms", AutoCommitInterval);
        RequireAtLeast("fetch.min.bytes", FetchMinBytes, 0);
        RequireTime("fetch.max.wait.ms", FetchMaxWait);
        RequireAtLeast("fetch.max.bytes", FetchMaxBytes, 0);
        RequireAtLeast("max.partition.fetch.bytes", MaxPartitionFetchBytes, 0);
        RequireAtLeast("PrefetchMaxBytes", PrefetchMaxBytes, 1);
        if (GroupInstanceId is "")
        {
            throw new KafkaConfigException("group.instance.id", "", "String must be non-empty");
        }

        if (OffsetReset == OffsetReset.ByDuration && !(OffsetResetDuration >= TimeSpan.Zero))
        {
            throw new KafkaConfigException(
                "OffsetResetDuration", $"{OffsetResetDuration}",
                "OffsetReset.ByDuration needs one that is not negative");
        }

        if (GroupId is not null && GroupProtocol == GroupProtocol.Classic)
        {
            RequireTime("session.timeout.ms", SessionTimeout);
            RequireTime("heartbeat.interval.ms", HeartbeatInterval);
            if (HeartbeatInterval >= SessionTimeout)
            {
                throw new KafkaConfigException("Heartbeat must be set lower than the session timeout");
            }

            if (Assignors.Count == 0)
            {
                throw new KafkaConfigException(
                    "Configuration 'partition.assignment.strategy' must not be empty. Valid values include: "
                    + "any non-empty value");
            }
        }
    }
}
