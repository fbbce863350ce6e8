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
    private readonly RecordDeserializer<TKey, TValue> _deserializer;

    public TypedConsumer(KafkaConsumer consumer, IDeserializer<TKey> keys, IDeserializer<TValue> values) =>
        (_consumer, _deserializer) = (consumer, new RecordDeserializer<TKey, TValue>(keys, values));

    public TypedConsumer(KafkaConsumer consumer, IAsyncDeserializer<TKey> keys, IAsyncDeserializer<TValue> values) =>
        (_consumer, _deserializer) = (consumer, new RecordDeserializer<TKey, TValue>(keys, values));

    public TypedConsumer(KafkaConsumer consumer, IDeserializer<TKey> keys, IAsyncDeserializer<TValue> values) =>
        (_consumer, _deserializer) = (consumer, new RecordDeserializer<TKey, TValue>(keys, values));

    /// <summary>Record by record, as <see cref="ConsumerStreams.ReadAsync"/>.</summary>
    /// <exception cref="RecordDeserializationException">A deserializer failed; the position stays at the
    /// record.</exception>
    public async IAsyncEnumerable<TypedRecord<TKey, TValue>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (ConsumerRecord record in _consumer.ReadAsync(cancellation))
        {
            TypedRecord<TKey, TValue> typed;
            try
            {
                typed = await _deserializer.DeserializeAsync(record, cancellation);
            }
            catch
            {
                _consumer.Seek(record.TopicPartition, record.Offset); // neither committed nor passed over
                throw;
            }

            yield return typed;
        }
    }
}
