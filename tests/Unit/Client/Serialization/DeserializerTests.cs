using System.Buffers;
using System.Text.Json.Serialization;
using KRaftSharp.Client.MessagePack;
using KRaftSharp.Client.Serialization;
using MessagePack;

namespace KRaftSharp.Tests.Unit.Client.Serialization;

/// <summary>What a serializer writes, its deserializer reads; what it cannot have written is refused.</summary>
public sealed class DeserializerTests
{
    [Fact]
    public void Values_ComeBack()
    {
        Assert.Equal("é", Back(Serializers.Utf8, Deserializers.Utf8, "é"));
        Assert.Null(Back(Serializers.Utf8, Deserializers.Utf8, null));
        Assert.Equal([1, 2], Back(Serializers.Bytes, Deserializers.Bytes, [1, 2]));
        Assert.Null(Back(Serializers.Bytes, Deserializers.Bytes, null));
        Assert.Equal(int.MinValue, Back(Serializers.Int32, Deserializers.Int32, int.MinValue));
        Assert.Equal(long.MaxValue, Back(Serializers.Int64, Deserializers.Int64, long.MaxValue));
        Assert.Equal(1.5f, Back(Serializers.Single, Deserializers.Single, 1.5f));
        Assert.Equal(double.Epsilon, Back(Serializers.Double, Deserializers.Double, double.Epsilon));
        Guid id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
        Assert.Equal(id, Back(Serializers.Guid, Deserializers.Guid, id));
        Order order = new() { Id = 7, Name = "tea" };
        Assert.Equal(order, Back(
            Serializers.Json(OrderContext.Default.Order), Deserializers.Json(OrderContext.Default.Order), order));
        Assert.Equal(order, Back(
            MessagePackSerdes.Serializer<Order>(), MessagePackSerdes.Deserializer<Order>(), order));
        Assert.Null(Back(MessagePackSerdes.Serializer<Order?>(), MessagePackSerdes.Deserializer<Order>(), null));
    }

    [Fact]
    public void BytesOfSomethingElse_AreRefused()
    {
        AssertRefused(Deserializers.Int32, [1, 2, 3, 4, 5]);
        AssertRefused(Deserializers.Int64, [], isNull: true);
        AssertRefused(Deserializers.Guid, "not one"u8);
        AssertRefused(Deserializers.Json(OrderContext.Default.Order), "{"u8);
        AssertRefused(MessagePackSerdes.Deserializer<Order>(), [0xC1]);
        AssertRefused(MessagePackSerdes.Deserializer<Order>(), []);
        AssertRefused(MessagePackSerdes.Deserializer<Order>(), [0x92, 7, 0xA1, (byte)'x', 0]);
    }

    private static void AssertRefused<T>(IDeserializer<T> deserializer, ReadOnlySpan<byte> bytes, bool isNull = false)
    {
        byte[] copy = bytes.ToArray();
        Assert.Throws<FormatException>(() => { deserializer.Deserialize(copy, isNull); });
    }

    private static TOut Back<TIn, TOut>(ISerializer<TIn> serializer, IDeserializer<TOut> deserializer, TIn value)
    {
        ArrayBufferWriter<byte> buffer = new();
        bool isThere = serializer.Serialize(value, buffer);
        return deserializer.Deserialize(buffer.WrittenSpan, !isThere);
    }
}

[MessagePackObject]
public sealed record Order
{
    [Key(0)]
    public int Id { get; init; }

    [Key(1)]
    public string Name { get; init; } = "";
}

[JsonSerializable(typeof(Order))]
internal sealed partial class OrderContext : JsonSerializerContext;
