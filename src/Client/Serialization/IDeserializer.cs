namespace KRaftSharp.Client.Serialization;

/// <summary>Reads keys or values of one type from bytes.</summary>
/// <remarks>Any thread may call; see <see cref="Deserializers"/> for those that exist.</remarks>
public interface IDeserializer<out T>
{
    /// <param name="bytes">Not kept beyond the call.</param>
    /// <param name="isNull">There are no bytes at all: a null key, or a tombstone.</param>
    /// <exception cref="FormatException">The bytes are no such thing.</exception>
    T Deserialize(ReadOnlySpan<byte> bytes, bool isNull);
}
