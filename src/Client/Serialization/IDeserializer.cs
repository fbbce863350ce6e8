namespace KRaftSharp.Client.Serialization;

/// <summary>Reads keys or values of one type from bytes.</summary>
/// <remarks>Any thread may call; see <see cref="Deserializers"/> for those that exist.</remarks>
public interface IDeserializer<out T>
{
    /// <param name="bytes">Not kept beyond the call; empty where <paramref name="isNull"/>.</param>
    /// <param name="isNull">There is no key, or the value is a tombstone.</param>
    /// <exception cref="KafkaException">The bytes are none of such a value.</exception>
    T Deserialize(ReadOnlySpan<byte> bytes, bool isNull);
}
