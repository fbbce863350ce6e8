namespace KRaftSharp.Client.Serialization;

/// <summary>As <see cref="IDeserializer{T}"/>, for what has to be asked for: a schema, a key to decrypt by.</summary>
public interface IAsyncDeserializer<T>
{
    /// <param name="bytes">Null for a null key or a tombstone. May be kept.</param>
    /// <param name="cancellation">The reader's.</param>
    ValueTask<T> DeserializeAsync(ReadOnlyMemory<byte>? bytes, CancellationToken cancellation);
}
