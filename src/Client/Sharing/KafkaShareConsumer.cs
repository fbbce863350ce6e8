using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Consumer.Groups;
using KRaftSharp.Client.Diagnostics;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Sharing;

/// <summary>A member of a share group (KIP-932): takes records one by one as from a queue, and says what becomes of
/// each. One caller at a time: no call may be made beside another.</summary>
/// <remarks>
/// <code>
/// await using KafkaShareConsumer consumer = KafkaShareConsumer.Create(new()
/// {
///     BootstrapServers = "127.0.0.1:19092", GroupId = "mails",
///     AcknowledgementMode = AcknowledgementMode.Explicit,
/// });
/// consumer.Subscribe("mails");
/// await foreach (ConsumerRecord record in consumer.ReadAsync(cancellation))
/// {
///     consumer.Acknowledge(record, await TrySend(record) ? AcknowledgeType.Accept : AcknowledgeType.Release);
/// }
/// </code>
/// Nothing is fetched before it is asked for: a record's lock runs from the moment the broker gives it. A record may be
/// delivered more than once (<see cref="ConsumerRecord.DeliveryCount"/>), and records of one partition are not in
/// order.
/// </remarks>
public sealed class KafkaShareConsumer : IAsyncDisposable
{
    // Whoever closes does not wait longer for brokers that learn of it by the broken connection.
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(5);

    private readonly ShareConsumerOptions _options;
    private readonly ClientRuntime _runtime;
    private readonly ClusterClient _cluster;
    private readonly Inbox _inbox;
    private readonly ShareGroup _group;
    private readonly ShareAssignment _assignment = new();
    private readonly ShareExchange _exchange;
    private readonly ILogger _logger;
    private bool _closed;

    private KafkaShareConsumer(ShareConsumerOptions options, ClientRuntime runtime)
    {
        (_options, _runtime) = (options, runtime);
        _logger = options.Loggers.CreateLogger(ClientLog.ConsumerCategory);
        _cluster = new ClusterClient(options, runtime);
        _inbox = new Inbox(runtime);
        _group = new ShareGroup(_cluster, options, _assignment, _inbox);
        _exchange = new ShareExchange(_cluster, options, _assignment, _inbox, _group.MemberId);
    }

    /// <summary>The topics subscribed to.</summary>
    public IReadOnlyList<string> Subscription => _group.Subscription.Topics;

    /// <summary>The partitions that the group has this member read now; others may read them too.</summary>
    public IReadOnlyCollection<TopicPartition> Assigned => _assignment.Partitions;

    /// <summary>How long a record is this member's alone (<c>share.record.lock.duration.ms</c>), as brokers last said;
    /// null before they have.</summary>
    public TimeSpan? AcquisitionLockTimeout =>
        _exchange.Answers.LockTimeoutMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    /// <summary>Told what brokers said to acknowledgements, partition by partition: within a poll, a commit, or the
    /// closing. What it throws is logged.</summary>
    public Action<AcknowledgementOutcome>? OnAcknowledged { get; set; }

    public static KafkaShareConsumer Create(ShareConsumerOptions options) =>
        Create(options, SocketRuntime.Create(options));

    public static KafkaShareConsumer Create(ShareConsumerOptions options, ClientRuntime runtime)
    {
        options.Validate();
        return new KafkaShareConsumer(options, runtime);
    }

    /// <summary>Reads these topics and no others. Partitions come with later polls.</summary>
    public void Subscribe(IEnumerable<string> topics) => _group.Subscribe(GroupSubscription.To(topics));

    public void Subscribe(string topic) => Subscribe([topic]);

    /// <summary>Leaves the group; what was acquired may still be acknowledged.</summary>
    public ValueTask UnsubscribeAsync() => _group.LeaveAsync(Shorter(_options.RequestTimeout, FarewellTimeout));

    /// <summary>The next records, at most <see cref="ShareConsumerOptions.MaxPollRecords"/>, or none when the time is
    /// over. Implicitly acknowledged: what earlier polls have returned is accepted.</summary>
    /// <exception cref="InvalidOperationException">Explicitly acknowledged: an earlier poll has returned records that
    /// nothing was said of.</exception>
    /// <exception cref="KafkaException">A partition cannot be read, share groups are not there, or this consumer cannot
    /// be a member of its group.</exception>
    public ValueTask<IReadOnlyList<ConsumerRecord>> PollAsync(
        TimeSpan timeout, CancellationToken cancellation = default) =>
        TakeAsync(_options.MaxPollRecords, timeout, cancellation);

    /// <summary>Says what becomes of a record; brokers hear of it with the next poll or commit. A record that is
    /// renewed is to be acknowledged again later.</summary>
    /// <exception cref="InvalidOperationException">Acknowledgement is implicit, or the record is not this member's to
    /// acknowledge: it was acknowledged before, or has been delivered anew.</exception>
    public void Acknowledge(ConsumerRecord record, AcknowledgeType type = AcknowledgeType.Accept)
    {
        RequireExplicit();
        if (_exchange.Held.Find(record.TopicPartition, record.Offset) is not { } held
            || !ReferenceEquals(held.Record, record))
        {
            throw new InvalidOperationException(
                $"{record.TopicPartition} offset {record.Offset} is not held by this consumer");
        }

        Say(held, type);
    }

    /// <summary>As for a record, by its place.</summary>
    /// <exception cref="InvalidOperationException">As for a record.</exception>
    public void Acknowledge(TopicPartition partition, long offset, AcknowledgeType type = AcknowledgeType.Accept)
    {
        RequireExplicit();
        Say(
            _exchange.Held.Find(partition, offset) is { State: not HeldState.Ready } held
                ? held
                : throw new InvalidOperationException($"{partition} offset {offset} is not held by this consumer"),
            type);
    }

    /// <summary>Tells the brokers what was said of records and waits for their answers. Implicitly acknowledged: all
    /// that polls have returned is accepted.</summary>
    /// <returns>What they said, by partition; <see cref="OnAcknowledged"/> hears of it too.</returns>
    /// <exception cref="KafkaException">Not all have answered within <c>default.api.timeout.ms</c>.</exception>
    public async Task<IReadOnlyList<AcknowledgementOutcome>> CommitAsync(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        AcceptIfImplicit();
        List<AcknowledgementOutcome> outcomes = [];
        long deadlineMs = _runtime.NowMs + (long)_options.ApiTimeout.TotalMilliseconds;
        while (true)
        {
            _inbox.Drain();
            long nowMs = _runtime.NowMs;
            long nextMs = deadlineMs;
            _exchange.Start(nowMs, wantsRecords: false, mayLinger: false, ref nextMs);
            outcomes.AddRange(TellOutcomes());
            if (!_exchange.IsSaying)
            {
                return outcomes;
            }

            if (nowMs >= deadlineMs)
            {
                throw new KafkaException(
                    ErrorCode.RequestTimedOut, "not all acknowledgements were answered in time");
            }

            await _inbox.WaitUntilAsync(nextMs, cancellation);
        }
    }

    /// <summary>As <see cref="CommitAsync"/> without waiting: <see cref="OnAcknowledged"/> hears of the answers within
    /// later calls.</summary>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        AcceptIfImplicit();
        _inbox.Drain();
        long nextMs = long.MaxValue;
        _exchange.Start(_runtime.NowMs, wantsRecords: false, mayLinger: false, ref nextMs);
        TellOutcomes();
    }

    /// <summary>Says what was acknowledged, gives everything else back to the group, leaves it and closes all
    /// connections. What the last poll has returned is not accepted by this.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        TimeSpan timeout = Shorter(_options.RequestTimeout, FarewellTimeout);
        try
        {
            await _exchange.CloseAsync(timeout);
            _inbox.Drain();
            TellOutcomes();
            await _group.LeaveAsync(timeout);
        }
        finally
        {
            _group.Close();
            await _cluster.DisposeAsync();
            await _group.WhenEnded();
            await _inbox.DisposeAsync();
        }
    }

    internal async ValueTask<IReadOnlyList<ConsumerRecord>> TakeAsync(
        int mostRecords, TimeSpan timeout, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        AcceptIfImplicit();
        if (_exchange.Held.Delivered is { Count: > 0 } silent)
        {
            throw new InvalidOperationException(
                $"{silent.Count} records of earlier polls are not acknowledged, the first of "
                + $"{silent[0].Partition.Name} at offset {silent[0].Record.Offset}");
        }

        long deadlineMs = _runtime.NowMs + (long)timeout.TotalMilliseconds;
        _group.PollBegins();
        try
        {
            while (true)
            {
                _inbox.Drain();
                TellOutcomes();
                _group.Attend();
                _exchange.Answers.ThrowFailure();
                long nowMs = _runtime.NowMs;
                long nextMs = deadlineMs;
                _exchange.Metadata.RefreshIfWanted(nowMs, _inbox, ref nextMs);
                List<ConsumerRecord> records = _exchange.Held.Take(mostRecords, nowMs);
                _exchange.Start(
                    nowMs, wantsRecords: records.Count == 0, mayLinger: _exchange.Held.ReadyCount > 0, ref nextMs);
                if (records.Count > 0 || nowMs >= deadlineMs)
                {
                    ConsumerMetrics.Consumed(_options.ClientId, records);
                    return records;
                }

                await _inbox.WaitUntilAsync(nextMs, cancellation);
            }
        }
        finally
        {
            _group.PollEnds();
        }
    }

    /// <summary>Gives a record back that could not be read, whatever the mode.</summary>
    internal void Release(ConsumerRecord record)
    {
        if (_exchange.Held.Find(record.TopicPartition, record.Offset) is { } held
            && ReferenceEquals(held.Record, record))
        {
            Say(held, AcknowledgeType.Release);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void RequireExplicit()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_options.AcknowledgementMode == AcknowledgementMode.Implicit)
        {
            throw new InvalidOperationException(
                "records are acknowledged implicitly; set AcknowledgementMode.Explicit to do it yourself");
        }
    }

    private void Say(HeldRecord held, AcknowledgeType type)
    {
        if (!Enum.IsDefined(type))
        {
            throw new ArgumentOutOfRangeException(nameof(type), type, "no such acknowledgement");
        }

        if (type == AcknowledgeType.Renew)
        {
            _exchange.Held.Renew(held);
        }
        else
        {
            _exchange.Held.Drop(held);
        }

        _exchange.Say(held, type);
    }

    private void AcceptIfImplicit()
    {
        if (_options.AcknowledgementMode == AcknowledgementMode.Implicit)
        {
            foreach (HeldRecord held in _exchange.Held.DropDelivered())
            {
                _exchange.Say(held, AcknowledgeType.Accept);
            }
        }
    }

    private List<AcknowledgementOutcome> TellOutcomes()
    {
        List<AcknowledgementOutcome> told = [];
        while (_exchange.Answers.TryTakeOutcome(out AcknowledgementOutcome? outcome))
        {
            told.Add(outcome!);
            try
            {
                OnAcknowledged?.Invoke(outcome!);
            }
            catch (Exception mistake) when (mistake is not OutOfMemoryException)
            {
                ConsumerLog.CallbackThrew(_logger, mistake);
            }
        }

        return told;
    }
}
