using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Producer;

/// <summary>Records of one partition that travel together.</summary>
/// <remarks>Until it is taken from its queue, guarded by the queue's lock; from then on the sender's own.</remarks>
internal sealed class ProducerBatch(
    PartitionQueue queue, RecordBatchBuilder builder, int reservedBytes, long order, long createdAtMs, long deadlineMs)
{
    private List<(Action<RecordMetadata, KafkaException?> Callback, int Index)>? _callbacks;
    private TaskCompletionSource<BatchResult>? _completion;

    public PartitionQueue Queue => queue;

    public RecordBatchBuilder Builder => builder;

    /// <summary>Bytes of the memory budget that this batch holds.</summary>
    public int ReservedBytes => reservedBytes;

    /// <summary>Counts the batches of a queue; retried ones go back to their place by it.</summary>
    public long Order => order;

    public long CreatedAtMs => createdAtMs;

    /// <summary>When it fails if it is not acknowledged.</summary>
    public long DeadlineMs => deadlineMs;

    /// <summary>No record can be added any more.</summary>
    public bool IsSealed { get; set; }

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; set; }

    /// <summary>It is not sent before.</summary>
    public long RetryAtMs { get; set; }

    /// <summary>A request that carries it is under way.</summary>
    public bool IsOnWire { get; set; }

    /// <summary>The encoded batch; empty until it is first sent.</summary>
    public Memory<byte> Bytes { get; private set; }

    /// <summary>The sequence of the first record; -1 without one.</summary>
    public int BaseSequence { get; private set; } = RecordBatchLayout.NoSequence;

    public bool IsStamped => BaseSequence != RecordBatchLayout.NoSequence;

    public int Count => builder.Count;

    /// <summary>Compresses and encodes, once.</summary>
    public void Build()
    {
        if (Bytes.IsEmpty)
        {
            Bytes = builder.Build();
        }
    }

    public void Stamp(ProducerIdentity identity, int baseSequence)
    {
        BaseSequence = baseSequence;
        RecordBatchMutator.SetProducerState(Bytes.Span, identity.Id, identity.Epoch, baseSequence);
    }

    /// <summary>The task that ends when the batch does; under the queue's lock.</summary>
    public Task<BatchResult> CompletionOf(ClientRuntime runtime) =>
        (_completion ??= runtime.NewCompletion<BatchResult>()).Task;

    /// <summary>Calls back when the batch has ended; under the queue's lock.</summary>
    public void AddCallback(Action<RecordMetadata, KafkaException?> callback, int index) =>
        (_callbacks ??= []).Add((callback, index));

    /// <summary>Calls everyone back, once. The batch's buffers must not be in use any more.</summary>
    /// <remarks>What a callback throws is its own: it is logged, and the others are called.</remarks>
    public void CallBack(in BatchResult result, ILogger logger)
    {
        if (_callbacks is null)
        {
            return;
        }

        KafkaException? error = ErrorOf(result);
        foreach ((Action<RecordMetadata, KafkaException?> callback, int index) in _callbacks)
        {
            try
            {
                callback(MetadataOf(queue.Partition, result, index), error);
            }
            catch (Exception mistake) when (mistake is not OutOfMemoryException)
            {
                ClientLog.CallbackThrew(logger, queue.Partition, mistake);
            }
        }

        _callbacks = null;
    }

    /// <summary>Lets everyone who waits go on.</summary>
    public void Complete(in BatchResult result) => _completion?.TrySetResult(result);

    public static RecordMetadata MetadataOf(TopicPartition partition, in BatchResult result, int index) =>
        new(partition, result.BaseOffset < 0 ? -1 : result.BaseOffset + index, result.LogAppendTimeMs);

    public static KafkaException? ErrorOf(in BatchResult result) =>
        result.Error == ErrorCode.None ? null : new KafkaException(result.Error, result.Message);
}
