using System.Buffers;

namespace KRaftSharp.Client.Serialization;

/// <summary>Writes keys or values of one type as bytes.</summary>
/// <remarks>Any thread may call; see <see cref="Serializers"/> for those that exist.</remarks>
public interface ISerializer<in T>
{
    /// <param name="value">Null only where <typeparamref name="T"/> may be null.</param>
    /// <param name="output">Takes the bytes; not kept beyond the call.</param>
    /// <returns>False for no bytes at all: a null key, or the tombstone of a compacted topic.</returns>
    bool Serialize(T value, IBufferWriter<byte> output);
}
