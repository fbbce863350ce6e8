using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Serialization;

/// <summary>The other side of <see cref="Serializers"/>: numbers are big-endian and texts UTF-8, as Java's.</summary>
public static class Deserializers
{
    public static IDeserializer<string?> Utf8 { get; } = new From<string?>(
        static (bytes, isNull) => isNull ? null : Encoding.UTF8.GetString(bytes));

    public static IDeserializer<byte[]?> Bytes { get; } = new From<byte[]?>(
        static (bytes, isNull) => isNull ? null : bytes.ToArray());

    public static IDeserializer<short> Int16 { get; } = new From<short>(
        static (bytes, isNull) => BinaryPrimitives.ReadInt16BigEndian(Exactly(bytes, isNull, sizeof(short))));

    public static IDeserializer<int> Int32 { get; } = new From<int>(
        static (bytes, isNull) => BinaryPrimitives.ReadInt32BigEndian(Exactly(bytes, isNull, sizeof(int))));

    public static IDeserializer<long> Int64 { get; } = new From<long>(
        static (bytes, isNull) => BinaryPrimitives.ReadInt64BigEndian(Exactly(bytes, isNull, sizeof(long))));

    public static IDeserializer<float> Single { get; } = new From<float>(
        static (bytes, isNull) => BinaryPrimitives.ReadSingleBigEndian(Exactly(bytes, isNull, sizeof(float))));

    public static IDeserializer<double> Double { get; } = new From<double>(
        static (bytes, isNull) => BinaryPrimitives.ReadDoubleBigEndian(Exactly(bytes, isNull, sizeof(double))));

    /// <summary>As Java's UUIDDeserializer: the 36 characters of its text.</summary>
    public static IDeserializer<Guid> Guid { get; } = new From<Guid>(
        static (bytes, isNull) => !isNull && System.Guid.TryParseExact(Encoding.UTF8.GetString(bytes), "D", out Guid id)
            ? id
            : throw Wrong("the bytes are no UUID"));

    /// <summary>Nothing, whatever is there.</summary>
    public static IDeserializer<T?> None<T>() => new From<T?>(static (_, _) => default);

    /// <summary>JSON by source generation: <c>Deserializers.Json(MyContext.Default.Order)</c>; a tombstone is the
    /// default value.</summary>
    public static IDeserializer<T?> Json<T>(JsonTypeInfo<T> type) => new From<T?>((bytes, isNull) =>
    {
        try
        {
            return isNull ? default : JsonSerializer.Deserialize(bytes, type);
        }
        catch (JsonException error)
        {
            throw Wrong($"the bytes are no {typeof(T).Name} in JSON: {error.Message}");
        }
    });

    private static ReadOnlySpan<byte> Exactly(ReadOnlySpan<byte> bytes, bool isNull, int length) =>
        !isNull && bytes.Length == length
            ? bytes
            : throw Wrong($"{(isNull ? "nothing is" : $"{bytes.Length} bytes are")} where {length} bytes are expected");

    private static KafkaException Wrong(string message) => new(ErrorCode.InvalidRecord, message);

    private delegate T Read<out T>(ReadOnlySpan<byte> bytes, bool isNull);

    private sealed class From<T>(Read<T> read) : IDeserializer<T>
    {
        public T Deserialize(ReadOnlySpan<byte> bytes, bool isNull) => read(bytes, isNull);
    }
}
