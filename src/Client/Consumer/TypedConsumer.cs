using System.Runtime.CompilerServices;
using KRaftSharp.Client.Serialization;

namespace KRaftSharp.Client.Consumer;

/// <summary>Typed keys and values over a <see cref="KafkaConsumer"/>, which stays its owner's: subscribing,
/// committing and
/// closing are done there.</summary>
/// <remarks><code>
/// TypedConsumer&lt;string?, Order?&gt; orders = new(consumer, Deserializers.Utf8,
/// Deserializers.Json(Shop.Default.Order));
/// await foreach (TypedRecord&lt;string?, Order?&gt; order in orders.ReadAsync(cancellation)) { Use(order.Value); }
/// </code></remarks>
public sealed class TypedConsumer<TKey, TValue>
{
    private readonly KafkaConsumer _consumer;
    private readonly IAsyncDeserializer<TKey> _keys;
    private readonly IAsyncDeserializer<TValue> _values;

    public TypedConsumer(KafkaConsumer consumer, IDeserializer<TKey> keys, IDeserializer<TValue> values)
        : this(consumer, new AtOnce<TKey>(keys), new AtOnce<TValue>(values))
    {
    }

    public TypedConsumer(KafkaConsumer consumer, IAsyncDeserializer<TKey> keys, IAsyncDeserializer<TValue> values) =>
        (_consumer, _keys, _values) = (consumer, keys, values);

    public TypedConsumer(KafkaConsumer consumer, IDeserializer<TKey> keys, IAsyncDeserializer<TValue> values)
        : this(consumer, new AtOnce<TKey>(keys), values)
    {
    }

    /// <summary>Record by record, as <see cref="ConsumerStreams.ReadAsync"/>.</summary>
    /// <exception cref="RecordDeserializationException">A deserializer failed; the position stays at the
    /// record.</exception>
    public async IAsyncEnumerable<TypedRecord<TKey, TValue>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (ConsumerRecord record in _consumer.ReadAsync(cancellation))
        {
            yield return await DeserializeAsync(record, cancellation);
        }
    }

    private async ValueTask<TypedRecord<TKey, TValue>> DeserializeAsync(
        ConsumerRecord record, CancellationToken cancellation)
    {
        try
        {
            TKey key = await _keys.DeserializeAsync(record.Key, cancellation);
            return new TypedRecord<TKey, TValue>(
                key, await _values.DeserializeAsync(record.Value, cancellation), record);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            _consumer.Seek(record.TopicPartition, record.Offset); // neither committed nor passed over
            throw error is OperationCanceledException ? error : new RecordDeserializationException(record, error);
        }
    }

    private sealed class AtOnce<T>(IDeserializer<T> inner) : IAsyncDeserializer<T>
    {
        public ValueTask<T> DeserializeAsync(ReadOnlyMemory<byte>? bytes, CancellationToken cancellation) =>
            ValueTask.FromResult(inner.Deserialize(bytes.GetValueOrDefault().Span, bytes is null));
    }
}
