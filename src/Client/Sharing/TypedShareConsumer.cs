using System.Runtime.CompilerServices;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Serialization;

namespace KRaftSharp.Client.Sharing;

/// <summary>Typed keys and values over a <see cref="KafkaShareConsumer"/>, which stays its owner's: subscribing,
/// committing and closing are done there.</summary>
/// <remarks><code>
/// TypedShareConsumer&lt;string?, Mail?&gt; mails = new(
///     consumer, Deserializers.Utf8, Deserializers.Json(Post.Default.Mail));
/// await foreach (TypedRecord&lt;string?, Mail?&gt; mail in mails.ReadAsync(cancellation))
/// {
///     mails.Acknowledge(mail, TrySend(mail.Value) ? AcknowledgeType.Accept : AcknowledgeType.Release);
/// }
/// </code></remarks>
public sealed class TypedShareConsumer<TKey, TValue>
{
    private readonly KafkaShareConsumer _consumer;
    private readonly RecordDeserializer<TKey, TValue> _deserializer;

    public TypedShareConsumer(KafkaShareConsumer consumer, IDeserializer<TKey> keys, IDeserializer<TValue> values) =>
        (_consumer, _deserializer) = (consumer, new RecordDeserializer<TKey, TValue>(keys, values));

    public TypedShareConsumer(
        KafkaShareConsumer consumer, IAsyncDeserializer<TKey> keys, IAsyncDeserializer<TValue> values) =>
        (_consumer, _deserializer) = (consumer, new RecordDeserializer<TKey, TValue>(keys, values));

    public TypedShareConsumer(
        KafkaShareConsumer consumer, IDeserializer<TKey> keys, IAsyncDeserializer<TValue> values) =>
        (_consumer, _deserializer) = (consumer, new RecordDeserializer<TKey, TValue>(keys, values));

    /// <summary>Record by record, as <see cref="ShareConsumerStreams.ReadAsync"/>.</summary>
    /// <exception cref="RecordDeserializationException">A deserializer failed; the record has been released and is
    /// delivered again until the group's limit.</exception>
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
                _consumer.Release(record);
                throw;
            }

            yield return typed;
        }
    }

    /// <inheritdoc cref="KafkaShareConsumer.Acknowledge(ConsumerRecord, AcknowledgeType)"/>
    public void Acknowledge(
        TypedRecord<TKey, TValue> record, AcknowledgeType type = AcknowledgeType.Accept) =>
        _consumer.Acknowledge(record.Raw, type);
}
