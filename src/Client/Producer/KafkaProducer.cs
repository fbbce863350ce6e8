using System.Diagnostics;
using KRaftSharp.Client.Diagnostics;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Client.Producer.Transactions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Client.Producer;

/// <summary>Sends records to a cluster: partitioner, accumulator, sender. Thread-safe; one a process is
/// enough.</summary>
/// <remarks>
/// <code>
/// await using KafkaProducer producer = KafkaProducer.Create(new() { BootstrapServers = "127.0.0.1:19092" });
/// RecordMetadata where = await producer.SendAsync(new() { Topic = "flights", Key = key, Value = value });
/// </code>
/// With the defaults (acks=all, idempotent) a record is written exactly once, in the order of the sends for its
/// partition, and an acknowledged one survives as long as one replica in sync does.
/// </remarks>
public sealed class KafkaProducer : IAsyncDisposable
{
    private readonly ProducerOptions _options;
    private readonly ClientRuntime _runtime;
    private readonly ClusterClient _cluster;
    private readonly Accumulator _accumulator;
    private readonly Sender _sender;
    private readonly Task _loop;
    private readonly TopicRoutes _routes;
    private readonly Interceptors _interceptors;
    private readonly AppendLanes _lanes = new();
    private volatile bool _closed;

    private KafkaProducer(ProducerOptions options, ClientRuntime runtime)
    {
        _options = options;
        _runtime = runtime;
        _cluster = new ClusterClient(options, runtime) { AllowAutoTopicCreation = true };
        _accumulator = new Accumulator(options, runtime);
        _routes = new TopicRoutes(options, _cluster.Chance, _accumulator);
        _interceptors = new Interceptors(
            options.Interceptors, options.Loggers.CreateLogger(ClientLog.ProducerCategory));
        _sender = new Sender(_cluster, options, _accumulator);
        _loop = runtime.Start(_sender.RunAsync);
    }

    /// <summary>Bytes of batches that are not acknowledged.</summary>
    public long BufferedBytes => _accumulator.Memory.Used;

    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static KafkaProducer Create(ProducerOptions options) => Create(options, SocketRuntime.Create(options));

    public static KafkaProducer Create(ProducerOptions options, ClientRuntime runtime)
    {
        options.Validate();
        return new KafkaProducer(options, runtime);
    }

    /// <summary>Sends a record; ends when it is acknowledged.</summary>
    /// <remarks>Sends that are begun one after the other keep their order within a partition. Cancelling gives up the
    /// wait for memory or metadata; a record that is in a batch is sent all the same.</remarks>
    /// <exception cref="KafkaException">It was not written, or nobody knows.</exception>
    public ValueTask<RecordMetadata> SendAsync(ProducerRecord record, CancellationToken cancellation = default) =>
        KafkaTracing.Source.HasListeners()
            ? SendTracedAsync(record, cancellation)
            : SendUntracedAsync(record, cancellation);

    private ValueTask<RecordMetadata> SendUntracedAsync(ProducerRecord record, CancellationToken cancellation)
    {
        AppendRequest request = new(WantsTask: true, Callback: null);
        if (_interceptors.Any)
        {
            record = _interceptors.OnSend(record);
            request = request with { Callback = _interceptors.OnAcknowledged };
        }

        return TryAppend(record, request, out Appended added, out TopicPartition partition)
            ? AcknowledgedAsync(partition, added)
            : SendSlowlyAsync(record, request, cancellation);
    }

    /// <summary>Hands a record over; ends when it has its place in a batch, usually at once.</summary>
    /// <param name="record">Copied.</param>
    /// <param name="onDone">Called once when it is acknowledged or has failed; on the sender's thread, so it must be
    /// quick; what it throws is logged. Null: nobody wants to know.</param>
    /// <param name="cancellation">Gives up the wait for memory or metadata.</param>
    /// <exception cref="KafkaException">Its topic is not known, or the memory was not there, within
    /// <c>max.block.ms</c>.</exception>
    public ValueTask PostAsync(
        ProducerRecord record,
        Action<RecordMetadata, KafkaException?>? onDone = null,
        CancellationToken cancellation = default)
    {
        if (KafkaTracing.Source.HasListeners()
            && SendSpan.Start(ref record, _options.ClientId) is { } span)
        {
            onDone = SendSpan.Around(span, onDone);
            Activity.Current = span.Parent; // it ends with the record, not with this call
        }

        AppendRequest request = new(WantsTask: false, onDone);
        if (_interceptors.Any)
        {
            record = _interceptors.OnSend(record);
            request = request with { Callback = _interceptors.Around(onDone) };
        }

        return TryAppend(record, request, out _, out _)
            ? ValueTask.CompletedTask
            : PostSlowlyAsync(record, request, cancellation);
    }

    /// <summary>Sends a record and blocks until it is acknowledged: for scripts. A server awaits
    /// <see cref="SendAsync"/>.</summary>
    /// <exception cref="KafkaException">It was not written, or nobody knows.</exception>
    public RecordMetadata Send(ProducerRecord record, CancellationToken cancellation = default) =>
        SendAsync(record, cancellation).AsTask().GetAwaiter().GetResult();

    /// <summary>Obtains the producer id of <c>transactional.id</c>: earlier producers of that id are fenced, what they
    /// left open is ended. Once, before the first transaction.</summary>
    /// <exception cref="KafkaException">The coordinator refused, or did not answer within
    /// <c>max.block.ms</c>.</exception>
    public Task InitTransactionsAsync(CancellationToken cancellation = default) => Flow.InitAsync(cancellation);

    /// <summary>Begins a transaction: what is sent from here on appears as a whole, or not at all, to readers of
    /// <c>read_committed</c>.</summary>
    public void BeginTransaction() => Flow.State.BeginTransaction();

    /// <summary>Makes a group's offsets part of the transaction: they are committed with its records.</summary>
    /// <param name="offsets">The next record to read of each partition.</param>
    /// <param name="group">The consumer's; a member that the group has moved on from is refused.</param>
    /// <param name="cancellation">Leaves the transaction open; what was sent may be repeated.</param>
    /// <exception cref="KafkaException">See <see cref="KafkaException.IsAbortable"/> and
    /// <see cref="KafkaException.IsFatal"/>.</exception>
    public Task SendOffsetsToTransactionAsync(
        IReadOnlyDictionary<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group,
        CancellationToken cancellation = default) => Flow.SendOffsetsAsync(offsets, group, cancellation);

    /// <summary>Waits for every record of the transaction, then commits it.</summary>
    /// <remarks>After a timeout or a cancellation nobody knows how it ended: call it again.</remarks>
    /// <exception cref="KafkaException">A record was lost (<see cref="KafkaException.IsAbortable"/>), the producer is
    /// fenced (<see cref="KafkaException.IsFatal"/>), or nobody answered within <c>max.block.ms</c>.</exception>
    public async Task CommitTransactionAsync(CancellationToken cancellation = default)
    {
        Flow.State.Require(TransactionPhase.InTransaction, TransactionPhase.Committing);
        await FlushAsync(cancellation);
        Flow.State.BeginCommit();
        await Flow.EndAsync(commit: true, cancellation);
    }

    /// <summary>Drops what is not sent, waits for what is under way, and aborts.</summary>
    /// <remarks>After a timeout or a cancellation call it again.</remarks>
    /// <exception cref="KafkaException">The producer is fenced, or nobody answered.</exception>
    public async Task AbortTransactionAsync(CancellationToken cancellation = default)
    {
        Flow.State.BeginAbort();
        await FlushAsync(cancellation);
        await Flow.EndAsync(commit: false, cancellation);
    }

    /// <summary>Ends when every record handed over before has ended, well or not, and its callback has returned.
    /// </summary>
    public async ValueTask FlushAsync(CancellationToken cancellation = default)
    {
        await _lanes.SettleAsync(cancellation);
        List<Task> open = _accumulator.BeginFlush();
        try
        {
            _sender.Wake();
            await Task.WhenAll(open).WaitAsync(cancellation);
        }
        finally
        {
            _accumulator.EndFlush();
        }
    }

    /// <summary>The partitions of a topic, from the cluster's metadata.</summary>
    public async ValueTask<TopicView> TopicAsync(string topic, CancellationToken cancellation = default) =>
        await _cluster.TopicAsync(topic, DeadlineMs(), cancellation);

    /// <summary>Sends what is there and closes; what is not acknowledged within the delivery timeout fails.</summary>
    public ValueTask DisposeAsync() => CloseAsync(_options.DeliveryTimeout + _options.RequestTimeout);

    /// <summary>Sends what is there for so long, then fails the rest.</summary>
    public async ValueTask CloseAsync(TimeSpan timeout)
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        if (timeout > TimeSpan.Zero && _sender.Transactions is { State.IsOpen: true })
        {
            await AbortForCloseAsync(timeout);
        }

        _sender.Close(abandon: timeout == TimeSpan.Zero);
        try
        {
            await _loop.WaitAsync(timeout, _runtime.Time);
        }
        catch (TimeoutException)
        {
            _sender.Close(abandon: true);
            await _cluster.DisposeAsync(); // ends what is under way
            await _loop;
        }

        await _cluster.DisposeAsync();
        _accumulator.Release();
    }

    // So that readers need not wait for the transaction's timeout; without an answer they do.
    private async ValueTask AbortForCloseAsync(TimeSpan timeout)
    {
        using CancellationTokenSource limit = new(timeout, _runtime.Time);
        try
        {
            await AbortTransactionAsync(limit.Token);
        }
        catch (KafkaException)
        {
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async ValueTask<RecordMetadata> SendTracedAsync(ProducerRecord record, CancellationToken cancellation)
    {
        Activity? span = SendSpan.Start(ref record, _options.ClientId);
        try
        {
            RecordMetadata where = await SendUntracedAsync(record, cancellation);
            SendSpan.Succeed(span, where);
            return where;
        }
        catch (Exception error)
        {
            SendSpan.Fail(span, error);
            throw;
        }
    }

    private bool TryAppend(
        in ProducerRecord record, AppendRequest request, out Appended added, out TopicPartition partition)
    {
        ThrowIfClosed();
        _sender.Transactions?.State.Require(TransactionPhase.InTransaction);
        if (_lanes.IsBusy(record.Topic) || _routes.Find(record.Topic, _cluster.View) is not { } route)
        {
            added = default;
            partition = default;
            return false;
        }

        int recordBytes = SizeOf(record);
        PartitionQueue queue = PartitionChoice.Choose(record, route, recordBytes, _options);
        partition = queue.Partition;
        bool done = _accumulator.TryAppend(queue, record, recordBytes, 0, request, out added);
        if (added.WakeSender || !done)
        {
            _sender.Wake();
        }

        return done;
    }

    private async ValueTask<RecordMetadata> SendSlowlyAsync(
        ProducerRecord record, AppendRequest request, CancellationToken cancellation)
    {
        (TopicPartition partition, Appended added) = await AppendInTurnAsync(record, request, cancellation);
        return await AcknowledgedAsync(partition, added);
    }

    private async ValueTask PostSlowlyAsync(
        ProducerRecord record, AppendRequest request, CancellationToken cancellation) =>
        await AppendInTurnAsync(record, request, cancellation);

    private Task<(TopicPartition Partition, Appended Added)> AppendInTurnAsync(
        ProducerRecord record, AppendRequest request, CancellationToken cancellation)
    {
        long deadlineMs = DeadlineMs();
        return _lanes.RunAsync(record.Topic, () => AppendAsync(record, request, deadlineMs, cancellation));
    }

    private async Task<(TopicPartition Partition, Appended Added)> AppendAsync(
        ProducerRecord record, AppendRequest request, long deadlineMs, CancellationToken cancellation)
    {
        TopicRoute? route;
        do
        {
            await _cluster.TopicAsync(record.Topic, deadlineMs, cancellation);
            route = _routes.Find(record.Topic, _cluster.View);
        }
        while (route is null);

        RequireOpen(taken: 0);
        int recordBytes = SizeOf(record);
        PartitionQueue queue = PartitionChoice.Choose(record, route, recordBytes, _options);
        int needed = _accumulator.BytesFor(recordBytes);
        if (needed > _options.BufferMemory)
        {
            throw new KafkaException(ErrorCode.MessageTooLarge, "the record is larger than buffer.memory");
        }

        int taken = 0;
        Appended added;
        while (!_accumulator.TryAppend(queue, record, recordBytes, taken, request, out added))
        {
            _sender.Wake();
            await TakeMemoryAsync(needed, deadlineMs, cancellation);
            taken = needed;
            RequireOpen(taken);
        }

        if (added.WakeSender)
        {
            _sender.Wake();
        }

        return (queue.Partition, added);
    }

    private async ValueTask TakeMemoryAsync(int bytes, long deadlineMs, CancellationToken cancellation)
    {
        try
        {
            await _accumulator.Memory.TakeAsync(
                bytes, TimeSpan.FromMilliseconds(Math.Max(deadlineMs - _runtime.NowMs, 0)), cancellation);
        }
        catch (TimeoutException)
        {
            throw new KafkaException(
                ErrorCode.RequestTimedOut, "the buffer stayed full for max.block.ms: the brokers do not keep up");
        }
    }

    // The transaction may have ended while the send waited; its memory is others' then.
    private void RequireOpen(int taken)
    {
        if (_sender.Transactions?.State.Refusal is { } refusal)
        {
            if (taken > 0)
            {
                _accumulator.Memory.GiveBack(taken);
            }

            throw refusal;
        }
    }

    private static async ValueTask<RecordMetadata> AcknowledgedAsync(TopicPartition partition, Appended added)
    {
        BatchResult result = await added.Completion!;
        return ProducerBatch.ErrorOf(result) is { } error
            ? throw error
            : ProducerBatch.MetadataOf(partition, result, added.Index);
    }

    private int SizeOf(in ProducerRecord record)
    {
        int size = RecordBatchBuilder.MaxSizeOf(
            record.Key?.Length ?? 0, record.Value?.Length ?? 0, record.HeaderSpan());
        return size <= _options.MaxRequestSize
            ? size
            : throw new KafkaException(
                ErrorCode.MessageTooLarge,
                $"the record takes {size} bytes, max.request.size is {_options.MaxRequestSize}");
    }

    private TransactionFlow Flow => _sender.Transactions
        ?? throw new InvalidOperationException("transactions need ProducerOptions.TransactionalId");

    private long DeadlineMs() => _runtime.NowMs + (long)_options.MaxBlock.TotalMilliseconds;

    private void ThrowIfClosed()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_loop.IsFaulted)
        {
            throw new InvalidOperationException("the producer has stopped", _loop.Exception!.InnerException);
        }
    }
}
