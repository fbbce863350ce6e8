using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;

namespace KRaftSharp.Client.Consumer;

/// <summary>Reads records of assigned partitions. One caller at a time: no call may be made beside another.</summary>
/// <remarks>
/// <code>
/// await using KafkaConsumer consumer = KafkaConsumer.Create(new() { BootstrapServers = "127.0.0.1:19092" });
/// consumer.Assign([new TopicPartition("flights", 0)]);
/// consumer.SeekToBeginning(new TopicPartition("flights", 0));
/// using FetchedRecords fetched = await consumer.PollAsync(TimeSpan.FromSeconds(1));
/// </code>
/// While the caller works on one poll's records, the brokers are asked for the next ones already; at most one answer a
/// broker is held.
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

    private KafkaConsumer(ConsumerOptions options, ClientRuntime runtime)
    {
        _options = options;
        _runtime = runtime;
        _cluster = new ClusterClient(options, runtime);
        _inbox = new Inbox(runtime);
        _assignment = new Assignment(_cluster, options);
        _fetches = new Fetches(_cluster, options, _assignment, _inbox);
        _lookups = new OffsetLookups(_cluster, options, _assignment, _inbox);
    }

    /// <summary>The partitions assigned.</summary>
    public IReadOnlyCollection<TopicPartition> Assigned => _assignment.Partitions;

    public static KafkaConsumer Create(ConsumerOptions options) => Create(options, SocketRuntime.Create(options));

    public static KafkaConsumer Create(ConsumerOptions options, ClientRuntime runtime)
    {
        options.Validate();
        return new KafkaConsumer(options, runtime);
    }

    /// <summary>Reads these partitions and no others; those that stay keep their position.</summary>
    public void Assign(IEnumerable<TopicPartition> partitions) => _assignment.Assign(partitions);

    /// <summary>Reads on at that offset.</summary>
    public void Seek(TopicPartition partition, long offset) => _assignment[partition].MoveTo(offset, epoch: -1);

    public void SeekToBeginning(TopicPartition partition) =>
        _assignment[partition].Reset(OffsetLookups.EarliestTimestamp);

    public void SeekToEnd(TopicPartition partition) => _assignment[partition].Reset(OffsetLookups.LatestTimestamp);

    /// <summary>Reads on at the first record that is not older; at the end where there is none.</summary>
    public void SeekToTime(TopicPartition partition, DateTimeOffset time) =>
        _assignment[partition].Reset(time.ToUnixTimeMilliseconds());

    /// <summary>Keeps a partition assigned without fetching it.</summary>
    public void Pause(TopicPartition partition) => _assignment[partition].IsPaused = true;

    public void Resume(TopicPartition partition) => _assignment[partition].IsPaused = false;

    /// <summary>The next offset to be read; null while it is not known yet.</summary>
    public long? Position(TopicPartition partition) =>
        _assignment[partition].Position is >= 0 and var position ? position : null;

    /// <summary>The offset behind the last readable record, as of the last answer; null before one.</summary>
    public long? HighWatermark(TopicPartition partition) =>
        _assignment[partition].HighWatermark is >= 0 and var offset ? offset : null;

    /// <summary>The next records of the assigned partitions, or none when the time is over.</summary>
    /// <exception cref="KafkaException">A partition cannot be read: it does not exist, is not allowed, holds bytes that
    /// are no records, or its position is gone and the policy is <see cref="OffsetReset.None"/>.</exception>
    public async ValueTask<FetchedRecords> PollAsync(TimeSpan timeout, CancellationToken cancellation = default)
    {
        long deadlineMs = _runtime.NowMs + (long)timeout.TotalMilliseconds;
        while (true)
        {
            _inbox.Drain();
            _assignment.ThrowFailure();
            long nowMs = _runtime.NowMs;
            long nextMs = deadlineMs;
            _assignment.RefreshIfWanted(nowMs, _inbox, ref nextMs);
            _lookups.Start(nowMs, ref nextMs);
            _fetches.Start(nowMs, ref nextMs);
            FetchedRecords fetched = _fetches.TakeResults();
            if (fetched.Partitions.Count > 0 || nowMs >= deadlineMs)
            {
                return fetched;
            }

            await _inbox.WaitUntilAsync(nextMs, cancellation);
        }
    }

    /// <summary>The log start of each partition.</summary>
    public ValueTask<IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp>> BeginningOffsetsAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellation = default) =>
        OffsetsAsync(partitions, OffsetLookups.EarliestTimestamp, cancellation);

    /// <summary>The high watermark of each partition.</summary>
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

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _fetches.TakeResults().Dispose();
        await _inbox.DisposeAsync();
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
