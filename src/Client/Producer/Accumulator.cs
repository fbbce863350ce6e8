using System.Collections.Concurrent;
using KRaftSharp.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Producer;

/// <summary>Collects records into batches, one queue of them a partition, within the memory budget.</summary>
/// <remarks>Any thread appends, under the lock of one queue; the sender takes batches out under the same lock, one
/// queue
/// at a time. Appending a record to an open batch allocates nothing.</remarks>
internal sealed class Accumulator(ProducerOptions options, ClientRuntime runtime)
{
    private readonly ConcurrentDictionary<TopicPartition, PartitionQueue> _queues = new();
    private readonly ConcurrentStack<RecordBatchBuilder> _builders = new();
    private readonly RecordBatchOptions _batchOptions = new()
    {
        Compression = options.Compression,
        CompressionLevel = options.CompressionLevel,
        IsTransactional = options.TransactionalId is not null,
    };

    private readonly ILogger _logger = options.Loggers.CreateLogger(ClientLog.ProducerCategory);
    private readonly Lock _growing = new();
    private PartitionQueue[] _all = [];
    private int _flushes;

    public MemoryBudget Memory { get; } = new(options.BufferMemory, runtime);

    /// <summary>In the order of their first record.</summary>
    public IReadOnlyList<PartitionQueue> Queues => Volatile.Read(ref _all);

    /// <summary>While positive, every batch counts as ready.</summary>
    public bool IsFlushing => Volatile.Read(ref _flushes) > 0;

    public PartitionQueue QueueOf(TopicPartition partition)
    {
        if (_queues.TryGetValue(partition, out PartitionQueue? known))
        {
            return known;
        }

        lock (_growing)
        {
            if (!_queues.TryGetValue(partition, out known))
            {
                _queues[partition] = known = new PartitionQueue(partition);
                Volatile.Write(ref _all, [.. _all, known]);
            }

            return known;
        }
    }

    /// <summary>Bytes of the budget that a new batch for such a record takes.</summary>
    public int BytesFor(int recordBytes) => Math.Max(options.BatchSize, RecordBatchLayout.HeaderSize + recordBytes);

    /// <summary>Adds a record to the open batch, or to a new one if that is full.</summary>
    /// <param name="queue">The partition's.</param>
    /// <param name="record">Copied.</param>
    /// <param name="recordBytes">The most it takes.</param>
    /// <param name="taken">Bytes that the caller has taken from the budget for a new batch, 0 if none; given back when
    /// they were not needed.</param>
    /// <param name="request">What the caller wants to hear of it.</param>
    /// <param name="added">Where it went.</param>
    /// <returns>False when a new batch is needed and its memory is not there.</returns>
    public bool TryAppend(
        PartitionQueue queue, in ProducerRecord record, int recordBytes, int taken, AppendRequest request,
        out Appended added)
    {
        bool wake = false;
        lock (queue.Gate)
        {
            ProducerBatch? batch = queue.Last;
            bool fits = batch is { IsSealed: false }
                && batch.Builder.UncompressedSize + recordBytes <= options.BatchSize;
            if (!fits)
            {
                if (batch is { IsSealed: false })
                {
                    batch.IsSealed = true;
                    wake = true;
                }

                int needed = BytesFor(recordBytes);
                if (taken == 0 && !Memory.TryTake(needed))
                {
                    added = new Appended(null, 0, wake);
                    return false;
                }

                batch = NewBatch(queue, needed);
                wake |= queue.Count == 1;
                taken = 0;
            }

            added = Add(batch!, record, request) with { WakeSender = wake || batch!.IsSealed };
        }

        if (taken > 0)
        {
            Memory.GiveBack(taken);
        }

        return true;
    }

    /// <summary>Whether the oldest batch may be sent now, and else when.</summary>
    public bool IsReady(PartitionQueue queue, long nowMs, bool isClosing, out long readyAtMs)
    {
        bool isExhausted = Memory.IsExhausted;
        lock (queue.Gate)
        {
            ProducerBatch? first = queue.First;
            if (first is null)
            {
                readyAtMs = long.MaxValue;
                return false;
            }

            bool isDue = first.IsSealed || queue.Count > 1 || isExhausted || isClosing || IsFlushing;
            readyAtMs = isDue
                ? first.RetryAtMs
                : Math.Max(first.RetryAtMs, first.CreatedAtMs + (long)options.Linger.TotalMilliseconds);
            return readyAtMs <= nowMs;
        }
    }

    /// <summary>Tasks of all batches that have not ended; while they are awaited no batch lingers.</summary>
    public List<Task> BeginFlush()
    {
        Interlocked.Increment(ref _flushes);
        List<Task> tasks = [];
        foreach (PartitionQueue queue in Queues)
        {
            lock (queue.Gate)
            {
                tasks.AddRange(queue.Open.Select(batch => batch.CompletionOf(runtime)));
            }
        }

        return tasks;
    }

    public void EndFlush() => Interlocked.Decrement(ref _flushes);

    /// <summary>Ends a batch: its memory is free for others before anyone hears of it, and callbacks have returned
    /// before those who wait for it, a flush too, go on.</summary>
    public void Finish(ProducerBatch batch, in BatchResult result)
    {
        if (batch.ReservedBytes == options.BatchSize)
        {
            _builders.Push(batch.Builder);
        }
        else
        {
            batch.Builder.Dispose();
        }

        Memory.GiveBack(batch.ReservedBytes);
        batch.CallBack(result, _logger);
        lock (batch.Queue.Gate)
        {
            batch.Queue.Open.Remove(batch);
        }

        batch.Complete(result);
    }

    /// <summary>Gives pooled buffers back; nothing may be sent any more.</summary>
    public void Release()
    {
        while (_builders.TryPop(out RecordBatchBuilder? builder))
        {
            builder.Dispose();
        }
    }

    private ProducerBatch NewBatch(PartitionQueue queue, int reserved)
    {
        if (_builders.TryPop(out RecordBatchBuilder? builder))
        {
            builder.Reset(_batchOptions);
        }
        else
        {
            builder = new RecordBatchBuilder(_batchOptions, options.BatchSize);
        }

        long nowMs = runtime.NowMs;
        ProducerBatch batch = new(
            queue, builder, reserved, queue.NextOrder(), nowMs,
            nowMs + (long)options.DeliveryTimeout.TotalMilliseconds);
        queue.Add(batch);
        return batch;
    }

    private Appended Add(ProducerBatch batch, in ProducerRecord record, AppendRequest request)
    {
        int index = batch.Count;
        long timestampMs = record.TimestampMs ?? runtime.Time.GetUtcNow().ToUnixTimeMilliseconds();
        batch.Builder.Append(timestampMs, record.Key, record.Value, record.HeaderSpan());
        batch.IsSealed |= batch.Builder.UncompressedSize >= options.BatchSize;
        if (request.Callback is { } callback)
        {
            batch.AddCallback(callback, index);
        }

        return new Appended(request.WantsTask ? batch.CompletionOf(runtime) : null, index, false);
    }
}
