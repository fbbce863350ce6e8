using System.Text.RegularExpressions;
using KRaftSharp.Client.Consumer.Groups;
using KRaftSharp.Client.Diagnostics;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Consumer;

/// <summary>Reads records: of the partitions that its group gives it, or of those it is told. One caller at a time:
/// no call
/// may be made beside another.</summary>
/// <remarks>
/// <code>
/// await using KafkaConsumer consumer = KafkaConsumer.Create(new()
/// {
///     BootstrapServers = "127.0.0.1:19092", GroupId = "billing", OffsetReset = OffsetReset.Earliest,
/// });
/// consumer.Subscribe("flights");
/// await foreach (ConsumerRecord record in consumer.ReadAsync(cancellation)) { Use(record.Key, record.Value); }
/// </code>
/// While the caller works on one poll's records, the brokers are asked for the next ones already, within
/// <see cref="ConsumerOptions.PrefetchMaxBytes"/>; heartbeats go on beside it.
/// </remarks>
public sealed class KafkaConsumer : IAsyncDisposable
{
    private readonly ConsumerOptions _options;
    private readonly ClientRuntime _runtime;
    private readonly ClusterClient _cluster;
    private readonly Inbox _inbox;
    private readonly Assignment _assignment;
    private readonly Fetches _fetches;
    private readonly OffsetLookups _lookups;
    private readonly ConsumerGroup? _group;
    private readonly ILogger _logger;
    private bool _closed;

    private KafkaConsumer(ConsumerOptions options, ClientRuntime runtime)
    {
        _options = options;
        _runtime = runtime;
        _logger = options.Loggers.CreateLogger(ClientLog.ConsumerCategory);
        _cluster = new ClusterClient(options, runtime);
        _inbox = new Inbox(runtime);
        _assignment = new Assignment(_cluster, options);
        _fetches = new Fetches(_cluster, options, _assignment, _inbox);
        _group = options.GroupId is null
            ? null
            : new ConsumerGroup(this, _cluster, options, _assignment, _inbox);
        _lookups = new OffsetLookups(_cluster, options, _assignment, _inbox)
        {
            Committed = _group is not { } group
                ? null
                : partitions => group.Commits.CommittedAsync(partitions, DeadlineMs(), CancellationToken.None),
        };
    }

    /// <summary>The partitions assigned now.</summary>
    public IReadOnlyCollection<TopicPartition> Assigned => _assignment.Partitions;

    /// <summary>The topics subscribed to: those named, or those that the pattern has matched so far.</summary>
    public IReadOnlyList<string> Subscription => _group?.Subscription.Topics ?? [];

    /// <summary>In whose name offsets are committed, for a producer's transaction (KIP-447).</summary>
    /// <exception cref="InvalidOperationException">There is no group.</exception>
    public ConsumerGroupMetadata GroupMetadata => Group.Identity;

    private ConsumerGroup Group =>
        _group ?? throw new InvalidOperationException("the consumer has no GroupId");

    public static KafkaConsumer Create(ConsumerOptions options) => Create(options, SocketRuntime.Create(options));

    public static KafkaConsumer Create(ConsumerOptions options, ClientRuntime runtime)
    {
        options.Validate();
        return new KafkaConsumer(options, runtime);
    }

    /// <summary>Reads what the group assigns of these topics and no others. Partitions come with later polls.</summary>
    /// <exception cref="InvalidOperationException">There is no group, or partitions were assigned by hand.</exception>
    public void Subscribe(IEnumerable<string> topics, IRebalanceListener? listener = null) =>
        Subscribe(GroupSubscription.To(topics), null, listener);

    public void Subscribe(string topic, IRebalanceListener? listener = null) => Subscribe([topic], listener);

    /// <summary>As for topics by name, with all that match, as metadata tells of them; internal ones are left
    /// out.</summary>
    public void Subscribe(Regex pattern, IRebalanceListener? listener = null) =>
        Subscribe(GroupSubscription.Nothing, pattern, listener);

    /// <summary>As for topics by name, with all that the brokers find to match a pattern of RE2's language (KIP-848).
    /// </summary>
    /// <exception cref="InvalidOperationException">The group's protocol is the classic one.</exception>
    public void SubscribePattern(string re2, IRebalanceListener? listener = null)
    {
        if (_options.GroupProtocol == GroupProtocol.Classic)
        {
            throw new InvalidOperationException("brokers match patterns for GroupProtocol.Consumer only");
        }

        Subscribe(new GroupSubscription([], re2), null, listener);
    }

    /// <summary>Gives up what is assigned, committing it if that is automatic, and leaves the group.</summary>
    public async ValueTask UnsubscribeAsync(CancellationToken cancellation = default)
    {
        if (_group is { IsSubscribed: true } group)
        {
            await group.LeaveAsync(forGood: true, tells: true, cancellation);
        }

        _assignment.Assign([]);
    }

    /// <summary>Reads these partitions and no others; those that stay keep their position. A group, if there is one,
    /// keeps
    /// their offsets only.</summary>
    /// <exception cref="InvalidOperationException">Topics are subscribed to.</exception>
    public void Assign(IEnumerable<TopicPartition> partitions)
    {
        if (_group is { IsSubscribed: true })
        {
            throw new InvalidOperationException("the group assigns; unsubscribe before assigning by hand");
        }

        _assignment.Assign(partitions);
    }

    /// <summary>Reads on at that offset.</summary>
    public void Seek(TopicPartition partition, long offset) => _assignment[partition].MoveTo(offset, epoch: -1);

    public void SeekToBeginning(TopicPartition partition) =>
        _assignment[partition].Reset(OffsetLookups.EarliestTimestamp);

    public void SeekToEnd(TopicPartition partition) => _assignment[partition].Reset(OffsetLookups.LatestTimestamp);

    /// <summary>Reads on at the first record that is not older; at the end where there is none.</summary>
    public void SeekToTime(TopicPartition partition, DateTimeOffset time) =>
        _assignment[partition].Reset(time.ToUnixTimeMilliseconds());

    /// <summary>Keeps a partition assigned without fetching it; what was fetched ahead is let go.</summary>
    public void Pause(TopicPartition partition) => _assignment[partition].IsPaused = true;

    public void Resume(TopicPartition partition) => _assignment[partition].IsPaused = false;

    /// <summary>The offset behind the last record handed out; null while it is not known yet.</summary>
    public long? Position(TopicPartition partition) =>
        _assignment[partition].Position is >= 0 and var position ? position : null;

    /// <summary>The offset behind the last readable record, as of the last answer; null before one.</summary>
    public long? HighWatermark(TopicPartition partition) =>
        _assignment[partition].HighWatermark is >= 0 and var offset ? offset : null;

    /// <summary>How many offsets the position is behind the last readable record, as of the last answer; null before
    /// one.
    /// </summary>
    public long? Lag(TopicPartition partition) => HighWatermark(partition) - Position(partition) is { } lag
        ? Math.Max(lag, 0)
        : null;

    /// <summary>The next records of the assigned partitions, at most <see cref="ConsumerOptions.MaxPollRecords"/>, or
    /// none
    /// when the time is over. What earlier polls have returned counts as done with.</summary>
    /// <exception cref="KafkaException">A partition cannot be read: it does not exist, is not allowed, holds bytes that
    /// are no records, or its position is gone and the policy is <see cref="OffsetReset.None"/>. Or this consumer
    /// cannot
    /// be a member of its group.</exception>
    public async ValueTask<FetchedRecords> PollAsync(TimeSpan timeout, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        long deadlineMs = _runtime.NowMs + (long)timeout.TotalMilliseconds;
        _group?.PollBegins();
        try
        {
            while (true)
            {
                _inbox.Drain();
                if (_group is not null)
                {
                    await _group.AttendAsync(cancellation);
                }

                _assignment.ThrowFailure();
                long nowMs = _runtime.NowMs;
                long nextMs = Math.Min(deadlineMs, _group?.Commits.DueMs ?? long.MaxValue);
                _assignment.RefreshIfWanted(nowMs, _inbox, ref nextMs);
                _lookups.Start(nowMs, ref nextMs);
                FetchedRecords fetched = _fetches.Take(_options.MaxPollRecords);
                _fetches.Start(nowMs, ref nextMs);
                if (fetched.Partitions.Count > 0 || nowMs >= deadlineMs)
                {
                    return Shown(fetched);
                }

                await _inbox.WaitUntilAsync(nextMs, cancellation);
            }
        }
        finally
        {
            _group?.PollEnds();
        }
    }

    /// <summary>Commits the positions of all assigned partitions.</summary>
    /// <exception cref="KafkaException">The group has moved on, or nobody answered.</exception>
    public Task CommitAsync(CancellationToken cancellation = default) =>
        CommitAsync(Group.Commits.Positions(), cancellation);

    /// <summary>Commits these offsets: of each partition that of the next record to read.</summary>
    /// <exception cref="KafkaException">The group has moved on, or nobody answered.</exception>
    public Task CommitAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, CancellationToken cancellation = default) =>
        Group.Commits.CommitAsync(offsets, DeadlineMs(), cancellation);

    /// <summary>What the group has committed of these partitions; those without a commit are left out.</summary>
    /// <exception cref="KafkaException">Nobody answered, or it is not allowed.</exception>
    public Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>> CommittedAsync(
        IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation = default) =>
        Group.Commits.CommittedAsync(partitions, DeadlineMs(), cancellation);

    /// <summary>The positions that <see cref="CommitAsync(CancellationToken)"/> would commit, for a producer's
    /// transaction.
    /// </summary>
    public IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> Positions() => Group.Commits.Positions();

    /// <summary>The log start of each partition.</summary>
    public ValueTask<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp>> BeginningOffsetsAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellation = default) =>
        OffsetsAsync(partitions, OffsetLookups.EarliestTimestamp, cancellation);

    /// <summary>The offset behind the last readable record of each partition.</summary>
    public ValueTask<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp>> EndOffsetsAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellation = default) =>
        OffsetsAsync(partitions, OffsetLookups.LatestTimestamp, cancellation);

    /// <summary>The first record of each partition that is not older than that.</summary>
    public ValueTask<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp>> OffsetsForTimeAsync(
        IEnumerable<TopicPartition> partitions, DateTimeOffset time, CancellationToken cancellation = default) =>
        OffsetsAsync(partitions, time.ToUnixTimeMilliseconds(), cancellation);

    /// <summary>The partitions of a topic, from the cluster's metadata.</summary>
    /// <exception cref="KafkaException">The topic does not exist.</exception>
    public ValueTask<TopicView> TopicAsync(string topic, CancellationToken cancellation = default) =>
        _cluster.TopicAsync(topic, DeadlineMs(), cancellation);

    /// <summary>Closes as <see cref="CloseAsync"/> does; a static member stays one until its session ends.</summary>
    public ValueTask DisposeAsync() => CloseAsync(leavesGroup: _options.GroupInstanceId is null);

    /// <summary>Commits if that is automatic, gives partitions up, leaves the group and closes all
    /// connections.</summary>
    /// <param name="leavesGroup">False: the group is not told, and waits for this member until its session ends
    /// (KIP-1092); by KIP-848 a static member says that it will be back.</param>
    public async ValueTask CloseAsync(bool leavesGroup)
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        try
        {
            if (_group is not null)
            {
                bool tells = leavesGroup
                    || (_options.GroupProtocol == GroupProtocol.Consumer && _options.GroupInstanceId is not null);
                await _group.LeaveAsync(forGood: leavesGroup, tells, CancellationToken.None);
            }
        }
        finally
        {
            _group?.Close();
            await _cluster.DisposeAsync();
            if (_group is not null)
            {
                await _group.WhenEnded();
            }

            _inbox.Drain();
            _fetches.Clear();
            await _inbox.DisposeAsync();
        }
    }

    private void Subscribe(GroupSubscription subscription, Regex? pattern, IRebalanceListener? listener)
    {
        if (!Group.IsSubscribed && _assignment.Partitions.Count > 0)
        {
            throw new InvalidOperationException("partitions are assigned by hand; assign none before subscribing");
        }

        Group.Subscribe(subscription, pattern, listener);
    }

    private FetchedRecords Shown(FetchedRecords fetched)
    {
        foreach (PartitionRecords part in fetched.Partitions)
        {
            ConsumerMetrics.Consumed(_options.ClientId, part.Partition.Topic, part.Count);
            if (ConsumerMetrics.WantsLag)
            {
                ConsumerMetrics.Behind(
                    _options.ClientId, part.Partition.Topic, Math.Max(part.HighWatermark - part.NextOffset, 0));
            }
        }

        if (fetched.Partitions.Count > 0)
        {
            foreach (IConsumerInterceptor interceptor in _options.Interceptors)
            {
                ConsumerInterceptors.Call(_logger, interceptor, one => one.OnConsume(fetched));
            }
        }

        return fetched;
    }

    private async ValueTask<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp>> OffsetsAsync(
        IEnumerable<TopicPartition> partitions, long timestamp, CancellationToken cancellation)
    {
        TopicPartition[] asked = [.. partitions];
        long deadlineMs = DeadlineMs();
        foreach (string topic in asked.Select(partition => partition.Topic).Distinct())
        {
            await _cluster.TopicAsync(topic, deadlineMs, cancellation);
        }

        return await PartitionOffsets.AskAsync(_cluster, asked, timestamp, deadlineMs, cancellation);
    }

    private long DeadlineMs() => _runtime.NowMs + (long)_options.ApiTimeout.TotalMilliseconds;
}
