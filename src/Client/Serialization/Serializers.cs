using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace KRaftSharp.Client.Serialization;

/// <summary>The serializers that come with the client; numbers are big-endian and texts UTF-8, as Java's.</summary>
public static class Serializers
{
    public static ISerializer<string?> Utf8 { get; } = new From<string?>(static (value, output) =>
    {
        if (value is null)
        {
            return false;
        }

        Encoding.UTF8.GetBytes(value, output);
        return true;
    });

    public static ISerializer<byte[]?> Bytes { get; } = new From<byte[]?>(static (value, output) =>
    {
        output.Write(value);
        return value is not null;
    });

    public static ISerializer<ReadOnlyMemory<byte>> Memory { get; } = new From<ReadOnlyMemory<byte>>(
        static (value, output) =>
        {
            output.Write(value.Span);
            return true;
        });

    public static ISerializer<int> Int32 { get; } = new From<int>(static (value, output) =>
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), value);
        return Advance(output, sizeof(int));
    });

    public static ISerializer<long> Int64 { get; } = new From<long>(static (value, output) =>
    {
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(sizeof(long)), value);
        return Advance(output, sizeof(long));
    });

    public static ISerializer<float> Single { get; } = new From<float>(static (value, output) =>
    {
        BinaryPrimitives.WriteSingleBigEndian(output.GetSpan(sizeof(float)), value);
        return Advance(output, sizeof(float));
    });

    public static ISerializer<double> Double { get; } = new From<double>(static (value, output) =>
    {
        BinaryPrimitives.WriteDoubleBigEndian(output.GetSpan(sizeof(double)), value);
        return Advance(output, sizeof(double));
    });

    /// <summary>As Java's UUIDSerializer: the 36 characters of its text.</summary>
    public static ISerializer<Guid> Guid { get; } = new From<Guid>(static (value, output) =>
    {
        const int textLength = 36;
        value.TryFormat(output.GetSpan(textLength), out int written);
        return Advance(output, written);
    });

    /// <summary>No key or value, whatever is given.</summary>
    public static ISerializer<T> None<T>() => new From<T>(static (_, _) => false);

    /// <summary>JSON by source generation: <c>Serializers.Json(MyContext.Default.Order)</c>; null is a
    /// tombstone.</summary>
    public static ISerializer<T> Json<T>(JsonTypeInfo<T> type) => new From<T>((value, output) =>
    {
        if (value is null)
        {
            return false;
        }

        using Utf8JsonWriter writer = new(output);
        JsonSerializer.Serialize(writer, value, type);
        return true;
    });

    private static bool Advance(IBufferWriter<byte> output, int count)
    {
        output.Advance(count);
        return true;
    }

    private sealed class From<T>(Func<T, IBufferWriter<byte>, bool> write) : ISerializer<T>
    {
        public bool Serialize(T value, IBufferWriter<byte> output) => write(value, output);
    }
}
