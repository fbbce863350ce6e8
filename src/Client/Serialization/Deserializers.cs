using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace KRaftSharp.Client.Serialization;

/// <summary>The counterparts of <see cref="Serializers"/>: numbers are big-endian and texts UTF-8, as Java's. Where a
/// type
/// cannot be null, no bytes are a <see cref="FormatException"/>.</summary>
public static class Deserializers
{
    public static IDeserializer<string?> Utf8 { get; } = new From<string?>(
        static (bytes, isNull) => isNull ? null : Encoding.UTF8.GetString(bytes));

    public static IDeserializer<byte[]?> Bytes { get; } = new From<byte[]?>(
        static (bytes, isNull) => isNull ? null : bytes.ToArray());

    public static IDeserializer<int> Int32 { get; } = new From<int>(
        static (bytes, isNull) => BinaryPrimitives.ReadInt32BigEndian(Exactly(bytes, isNull, sizeof(int))));

    public static IDeserializer<long> Int64 { get; } = new From<long>(
        static (bytes, isNull) => BinaryPrimitives.ReadInt64BigEndian(Exactly(bytes, isNull, sizeof(long))));

    public static IDeserializer<float> Single { get; } = new From<float>(
        static (bytes, isNull) => BinaryPrimitives.ReadSingleBigEndian(Exactly(bytes, isNull, sizeof(float))));

    public static IDeserializer<double> Double { get; } = new From<double>(
        static (bytes, isNull) => BinaryPrimitives.ReadDoubleBigEndian(Exactly(bytes, isNull, sizeof(double))));

    /// <summary>The 36 characters of its text.</summary>
    public static IDeserializer<Guid> Guid { get; } = new From<Guid>(static (bytes, isNull) =>
        System.Guid.ParseExact(Encoding.UTF8.GetString(Exactly(bytes, isNull, 36)), "D"));

    /// <summary>The default, whatever the bytes are.</summary>
    public static IDeserializer<T?> Ignore<T>() => new From<T?>(static (_, _) => default);

    /// <summary>JSON by source generation: <c>Deserializers.Json(MyContext.Default.Order)</c>; no bytes are the
    /// default.
    /// </summary>
    public static IDeserializer<T?> Json<T>(JsonTypeInfo<T> type) => new From<T?>((bytes, isNull) =>
    {
        try
        {
            return isNull ? default : JsonSerializer.Deserialize(bytes, type);
        }
        catch (JsonException error)
        {
            throw new FormatException(error.Message, error);
        }
    });

    private static ReadOnlySpan<byte> Exactly(ReadOnlySpan<byte> bytes, bool isNull, int length) =>
        !isNull && bytes.Length == length
            ? bytes
            : throw new FormatException($"{length} bytes are expected, not {(isNull ? "null" : $"{bytes.Length}")}");

    private delegate T Read<out T>(ReadOnlySpan<byte> bytes, bool isNull);

    private sealed class From<T>(Read<T> read) : IDeserializer<T>
    {
        public T Deserialize(ReadOnlySpan<byte> bytes, bool isNull) => read(bytes, isNull);
    }
}
