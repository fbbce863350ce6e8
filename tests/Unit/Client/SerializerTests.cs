using System.Buffers;
using System.Text;
using System.Text.Json.Serialization;
using KRaftSharp.Client.Producer;
using KRaftSharp.Client.Serialization;

namespace KRaftSharp.Tests.Unit.Client;

public sealed partial class SerializerTests
{
    private static readonly Guid Id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");

    [Fact]
    public void Serializers_WriteWhatJavaWrites()
    {
        Assert.Equal("00000102", Hex(Serializers.Int32, 0x102));
        Assert.Equal("FFFFFFFFFFFFFFFF", Hex(Serializers.Int64, -1));
        Assert.Equal("3F800000", Hex(Serializers.Single, 1f));
        Assert.Equal("C000000000000000", Hex(Serializers.Double, -2d));
        Assert.Equal("C3A4", Hex(Serializers.Utf8, "ä"));
        Assert.Equal("", Hex(Serializers.Utf8, ""));
        Assert.Null(Hex(Serializers.Utf8, null));
        Assert.Equal("0102", Hex(Serializers.Bytes, [1, 2]));
        Assert.Null(Hex(Serializers.Bytes, null));
        Assert.Null(Hex(Serializers.None<int>(), 7));
        Assert.Equal(
            Convert.ToHexString(Encoding.ASCII.GetBytes(Id.ToString("D"))), Hex(Serializers.Guid, Id));
        Assert.Equal(
            Convert.ToHexString("""{"From":"LAS","Delay":3}"""u8),
            Hex(Serializers.Json(Context.Default.Flight), new Flight("LAS", 3)));
    }

    [Fact]
    public async Task TypedProducer_ManyAtOnce_EachRecordIsItsOwn()
    {
        ModelCluster cluster = new(1, 1, faulty: true);
        await using KafkaProducer producer = KafkaProducer.Create(
            new ProducerOptions
            {
                BootstrapServers = "broker:1",
                RetryBackoff = TimeSpan.FromMilliseconds(1),
                Linger = TimeSpan.FromMilliseconds(1),
                BatchSize = 200,
                BufferMemory = 600,
            },
            cluster.Runtime);
        TypedProducer<long, string?> typed = new(producer, Serializers.Int64, Serializers.Utf8);

        List<Task> sends = [];
        for (int i = 0; i < 200; i++)
        {
            sends.Add(i % 2 == 0
                ? typed.SendAsync(ModelCluster.Topic, i, $"{i}").AsTask()
                : typed.PostAsync(ModelCluster.Topic, i, $"{i}").AsTask());
        }

        await Task.WhenAll(sends);
        await producer.FlushAsync();
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), cluster.Partitions[0].Values);
    }

    [Fact]
    public async Task TypedProducer_NoBytes_AreNullAndNotEmpty()
    {
        ModelCluster cluster = new(1, 1, faulty: false);
        Seen seen = new();
        await using KafkaProducer producer = KafkaProducer.Create(
            new ProducerOptions { BootstrapServers = "broker:1", Interceptors = [seen] }, cluster.Runtime);
        TypedProducer<string?, string?> typed = new(producer, Serializers.Utf8, Serializers.Utf8);

        await typed.SendAsync(ModelCluster.Topic, null, null);
        await typed.SendAsync(ModelCluster.Topic, "", "");

        Assert.Equal([(null, null), (0, 0)], seen.Lengths);
    }

    private static string? Hex<T>(ISerializer<T> serializer, T value)
    {
        ArrayBufferWriter<byte> output = new();
        return serializer.Serialize(value, output) ? Convert.ToHexString(output.WrittenSpan) : null;
    }

    private sealed class Seen : IProducerInterceptor
    {
        public List<(int? Key, int? Value)> Lengths { get; } = [];

        public ProducerRecord OnSend(ProducerRecord record)
        {
            Lengths.Add((record.Key?.Length, record.Value?.Length));
            return record;
        }
    }

    internal sealed record Flight(string From, int Delay);

    [JsonSerializable(typeof(Flight))]
    private sealed partial class Context : JsonSerializerContext;
}
