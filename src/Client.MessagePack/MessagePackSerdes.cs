using System.Buffers;
using KRaftSharp.Client.Serialization;
using MessagePack;

namespace KRaftSharp.Client.MessagePack;

/// <summary>Keys and values in MessagePack.</summary>
/// <remarks>Give options with a generated resolver where the program is trimmed or compiled ahead of time.</remarks>
public static class MessagePackSerdes
{
    /// <summary>What comes from a topic is not trusted: depth and hash collisions are bounded.</summary>
    public static MessagePackSerializerOptions Untrusted { get; } =
        MessagePackSerializerOptions.Standard.WithSecurity(MessagePackSecurity.UntrustedData);

    /// <summary>Null is no key, or a tombstone.</summary>
    public static ISerializer<T> Serializer<T>(MessagePackSerializerOptions? options = null) =>
        new Writer<T>(options ?? MessagePackSerializerOptions.Standard);

    /// <summary>A tombstone is the default value.</summary>
    public static IDeserializer<T?> Deserializer<T>(MessagePackSerializerOptions? options = null) =>
        new Reader<T>(options ?? Untrusted);

    private sealed class Writer<T>(MessagePackSerializerOptions options) : ISerializer<T>
    {
        public bool Serialize(T value, IBufferWriter<byte> output)
        {
            if (value is null)
            {
                return false;
            }

            MessagePackSerializer.Serialize(output, value, options);
            return true;
        }
    }

    private sealed class Reader<T>(MessagePackSerializerOptions options) : IDeserializer<T?>
    {
        public T? Deserialize(ReadOnlySpan<byte> bytes, bool isNull)
        {
            if (isNull)
            {
                return default;
            }

            byte[] copy = ArrayPool<byte>.Shared.Rent(bytes.Length);
            try
            {
                bytes.CopyTo(copy);
                T value = MessagePackSerializer.Deserialize<T>(
                    copy.AsMemory(0, bytes.Length), options, out int read);
                return read == bytes.Length
                    ? value
                    : throw new FormatException($"{bytes.Length - read} bytes follow the MessagePack value");
            }
            catch (MessagePackSerializationException error)
            {
                throw new FormatException($"the bytes are no {typeof(T).Name} in MessagePack: {error.Message}", error);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(copy);
            }
        }
    }
}
