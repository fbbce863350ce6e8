using System.Buffers;
using System.Collections.Concurrent;
using KRaftSharp.Client.Serialization;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Client.Producer;

/// <summary>A producer of typed keys and values over a <see cref="KafkaProducer"/>, which stays its owner's: several
/// may share one, and flushing, transactions and closing are done there.</summary>
/// <remarks><code>
/// TypedProducer&lt;string?, Order&gt; orders = new(producer, Serializers.Utf8, Serializers.Json(Shop.Default.Order));
/// await orders.SendAsync("orders", order.Id, order);
/// </code>What a serializer throws fails the send. Thread-safe; buffers are pooled.</remarks>
public sealed class TypedProducer<TKey, TValue>(
    KafkaProducer producer, ISerializer<TKey> keys, ISerializer<TValue> values)
{
    private const int LargestKept = 64 * 1024;

    private readonly ConcurrentBag<ArrayBufferWriter<byte>> _buffers = [];

    /// <summary>Sends a record; ends when it is acknowledged.</summary>
    /// <exception cref="KafkaException">It was not written, or nobody knows.</exception>
    public async ValueTask<RecordMetadata> SendAsync(
        string topic, TKey key, TValue value, IReadOnlyList<RecordHeader>? headers = null, int? partition = null,
        CancellationToken cancellation = default)
    {
        ArrayBufferWriter<byte> buffer = Rent();
        try
        {
            ProducerRecord record = Serialize(buffer, key, value) with
            {
                Topic = topic,
                Headers = headers,
                Partition = partition,
            };
            return await producer.SendAsync(record, cancellation);
        }
        finally
        {
            Return(buffer);
        }
    }

    /// <summary>Hands a record over; ends when it has its place in a batch, usually at once.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="key">By which it finds its partition.</param>
    /// <param name="value">What it says.</param>
    /// <param name="onDone">As of <see cref="KafkaProducer.PostAsync"/>.</param>
    /// <param name="cancellation">Gives up the wait for memory or metadata.</param>
    public async ValueTask PostAsync(
        string topic, TKey key, TValue value, Action<RecordMetadata, KafkaException?>? onDone = null,
        CancellationToken cancellation = default)
    {
        ArrayBufferWriter<byte> buffer = Rent();
        try
        {
            await producer.PostAsync(Serialize(buffer, key, value) with { Topic = topic }, onDone, cancellation);
        }
        finally
        {
            Return(buffer);
        }
    }

    private ProducerRecord Serialize(ArrayBufferWriter<byte> buffer, TKey key, TValue value)
    {
        bool hasKey = keys.Serialize(key, buffer);
        int keyLength = buffer.WrittenCount;
        bool hasValue = values.Serialize(value, buffer);
        ReadOnlyMemory<byte> bytes = buffer.WrittenMemory; // after the last write: the buffer may have moved
        return new ProducerRecord
        {
            Topic = "",
            Key = hasKey ? (ReadOnlyMemory<byte>?)bytes[..keyLength] : null,
            Value = hasValue ? (ReadOnlyMemory<byte>?)bytes[keyLength..] : null,
        };
    }

    private ArrayBufferWriter<byte> Rent() => _buffers.TryTake(out ArrayBufferWriter<byte>? kept) ? kept : new(256);

    private void Return(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity <= LargestKept)
        {
            buffer.ResetWrittenCount();
            _buffers.Add(buffer);
        }
    }
}
