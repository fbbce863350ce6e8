using KRaftSharp.Client.Consumer;

namespace KRaftSharp.Client.Serialization;

/// <summary>Keys and values of records, by deserializers that answer at once or later.</summary>
internal sealed class RecordDeserializer<TKey, TValue>(
    IAsyncDeserializer<TKey> keys, IAsyncDeserializer<TValue> values)
{
    public RecordDeserializer(IDeserializer<TKey> keys, IDeserializer<TValue> values)
        : this(new AtOnce<TKey>(keys), new AtOnce<TValue>(values))
    {
    }

    public RecordDeserializer(IDeserializer<TKey> keys, IAsyncDeserializer<TValue> values)
        : this(new AtOnce<TKey>(keys), values)
    {
    }

    /// <exception cref="RecordDeserializationException">A deserializer failed.</exception>
    public async ValueTask<TypedRecord<TKey, TValue>> DeserializeAsync(
        ConsumerRecord record, CancellationToken cancellation)
    {
        try
        {
            TKey key = await keys.DeserializeAsync(record.Key, cancellation);
            return new TypedRecord<TKey, TValue>(
                key, await values.DeserializeAsync(record.Value, cancellation), record);
        }
        catch (Exception error) when (error is not (OutOfMemoryException or OperationCanceledException))
        {
            throw new RecordDeserializationException(record, error);
        }
    }

    private sealed class AtOnce<T>(IDeserializer<T> inner) : IAsyncDeserializer<T>
    {
        public ValueTask<T> DeserializeAsync(ReadOnlyMemory<byte>? bytes, CancellationToken cancellation) =>
            ValueTask.FromResult(inner.Deserialize(bytes.GetValueOrDefault().Span, bytes is null));
    }
}
