using System.Buffers.Binary;
using System.Text;
using KRaftSharp.Broker.Telemetry;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Tests.Unit.Controller;

namespace KRaftSharp.Tests.Unit.Telemetry;

public sealed class ClientTelemetryTests
{
    private readonly ManualTime _time = new();
    private readonly PushedMetrics _pushed = new();
    private readonly ClientTelemetry _telemetry;
    private MetadataImage _image = MetadataImage.Empty;

    public ClientTelemetryTests() => _telemetry = new ClientTelemetry([_pushed], 1000, _time, new Prng(7));

    [Fact]
    public void Get_WithoutSubscriptions_AsksForNothing()
    {
        GetTelemetrySubscriptionsResponse answer = Get(Uuid.Zero);

        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        Assert.False(answer.ClientInstanceId.IsZero);
        Assert.Empty(answer.RequestedMetrics);
        Assert.Equal(300_000, answer.PushIntervalMs);
        Assert.Equal([4, 3, 1, 2], answer.AcceptedCompressionTypes);
    }

    [Fact]
    public void Get_TakesWhatAllMatchingSubscriptionsWant()
    {
        Subscribe(
            "a", ("metrics", "org.apache.kafka.producer."), ("interval.ms", "20000"), ("match", "client_id=app.*"));
        Subscribe("b", ("metrics", "org.apache.kafka.consumer.,x"), ("interval.ms", "10000"));
        Subscribe("c", ("metrics", "*"), ("match", "client_software_name=other"));

        GetTelemetrySubscriptionsResponse answer = Get(Uuid.Zero);

        Assert.Equal(
            ["org.apache.kafka.consumer.", "org.apache.kafka.producer.", "x"], answer.RequestedMetrics);
        Assert.Equal(10_000, answer.PushIntervalMs);
        Subscribe("c", ("metrics", "*"), ("match", "client_software_name=java,client_source_port=4.*"));
        Assert.Equal(["*"], Get(answer.ClientInstanceId).RequestedMetrics);
    }

    [Fact]
    public void Get_WithinTheInterval_IsThrottledUnlessSubscriptionsChanged()
    {
        Uuid id = Get(Uuid.Zero).ClientInstanceId;
        GetTelemetrySubscriptionsResponse early = Get(id);
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, early.ErrorCode);
        Assert.True(early.ClientInstanceId.IsZero);

        Subscribe("a", ("metrics", "x"), ("interval.ms", "60000"));
        int subscription = Get(id).SubscriptionId;
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, Get(id).ErrorCode);
        _time.Advance(60_000);
        GetTelemetrySubscriptionsResponse later = Get(id);
        Assert.Equal((ErrorCode.None, subscription), (later.ErrorCode, later.SubscriptionId));
        Assert.NotEqual(subscription, Get(new Uuid(5, 6)).SubscriptionId);
    }

    [Fact]
    public void Push_ComesOnceAnIntervalAndForTheSubscriptionOfNow()
    {
        Subscribe("a", ("metrics", "x"), ("interval.ms", "60000"));
        GetTelemetrySubscriptionsResponse got = Get(Uuid.Zero);
        Assert.Equal(ErrorCode.None, Push(got));
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, Push(got));
        _time.Advance(60_000);
        Assert.Equal(ErrorCode.None, Push(got));

        Subscribe("a", ("metrics", "y"));
        Assert.Equal(ErrorCode.UnknownSubscriptionId, Push(got));
        Assert.Equal(ErrorCode.None, Get(got.ClientInstanceId).ErrorCode);
    }

    [Fact]
    public void Push_WithWhatCannotBeTaken_IsRefused()
    {
        GetTelemetrySubscriptionsResponse got = Get(Uuid.Zero);
        Assert.Equal(ErrorCode.UnsupportedCompressionType, Push(got, codec: 9));
        Assert.Equal(ErrorCode.TelemetryTooLarge, Push(Again(got), payload: new byte[1001]));
        Assert.Equal(ErrorCode.InvalidRecord, Push(Again(got), payload: [0xFF, 0xFF]));
        Assert.Equal(ErrorCode.InvalidRecord, Push(Again(got), codec: 4, payload: "no zstd"u8.ToArray()));
        foreach (long reserved in new long[] { 0, 1, 99 })
        {
            Assert.Equal(ErrorCode.InvalidRequest, _telemetry.Push(
                new PushTelemetryRequest { ClientInstanceId = new Uuid(0, reserved) }, AttributesOf).ErrorCode);
        }
    }

    [Fact]
    public void Push_OfAClientThatEnds_ComesAtOnceAndIsTheLast()
    {
        GetTelemetrySubscriptionsResponse got = Get(Uuid.Zero);
        Assert.Equal(ErrorCode.None, Push(got));
        Assert.Equal(ErrorCode.None, Push(got, terminating: true));
        Assert.Equal(ErrorCode.InvalidRequest, Push(got, terminating: true));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Push_AddsUpSumsAndReplacesGauges(sbyte codec)
    {
        GetTelemetrySubscriptionsResponse got = Get(Uuid.Zero);
        Push(got, codec, Packed(codec, Otlp("app.total", 3, isDelta: true), Otlp("app.now", 3, isDelta: false)));
        Push(Again(got), codec, Packed(codec, Otlp("app.total", 4, isDelta: true), Otlp("app.now", 4, isDelta: false)));

        Assert.Equal([("app.now", 4), ("app.total", 7)], Figures());
        _time.Advance(3 * 300_000);
        Assert.Empty(Figures());
    }

    [Fact]
    public void Otlp_CutAnywhere_IsReadOrRefused()
    {
        byte[] whole = Otlp("app.total", 3, isDelta: true);
        for (int length = 0; length < whole.Length; length++)
        {
            List<ClientPoint> points = [];
            bool isRead = OtlpMetrics.TryRead(whole.AsSpan(0, length), points);
            Assert.Equal(length == 0, isRead);
        }

        List<ClientPoint> all = [];
        Assert.True(OtlpMetrics.TryRead(whole, all));
        Assert.Equal(["topic_name", "t"], all.Single().Labels);
    }

    [Fact]
    public void Instances_AreNoMoreThanTheLimit()
    {
        for (int i = 0; i < ClientTelemetry.MostInstances + 10; i++)
        {
            Get(new Uuid(1, i));
        }

        Assert.Equal(ClientTelemetry.MostInstances, _telemetry.InstanceCount);
    }

    private static ClientAttributes AttributesOf(Uuid id) => new(id, "app-1", "java", "4.4.0", "127.0.0.1", 4711);

    private GetTelemetrySubscriptionsResponse Get(Uuid id) =>
        _telemetry.Get(new GetTelemetrySubscriptionsRequest { ClientInstanceId = id }, AttributesOf);

    /// <summary>The same subscription, once its interval is over.</summary>
    private GetTelemetrySubscriptionsResponse Again(GetTelemetrySubscriptionsResponse got)
    {
        _time.Advance(got.PushIntervalMs);
        return got;
    }

    private ErrorCode Push(
        GetTelemetrySubscriptionsResponse got, sbyte codec = 0, byte[]? payload = null, bool terminating = false) =>
        _telemetry.Push(
            new PushTelemetryRequest
            {
                ClientInstanceId = got.ClientInstanceId,
                SubscriptionId = got.SubscriptionId,
                CompressionType = codec,
                Metrics = payload ?? [],
                Terminating = terminating,
            },
            AttributesOf).ErrorCode;

    private (string Name, double Value)[] Figures()
    {
        List<(string, double)> figures = [];
        _pushed.Visit(_time.MonotonicMs(), (_, name, _, value) => figures.Add((name, value)));
        return [.. figures.Order()];
    }

    private void Subscribe(string name, params (string Key, string Value)[] configs)
    {
        MetadataDelta delta = new(_image);
        foreach ((string key, string value) in configs)
        {
            delta.Replay(new ConfigRecord
            {
                ResourceType = (sbyte)ConfigResourceType.ClientMetrics,
                ResourceName = name,
                Name = key,
                Value = value,
            });
        }

        _image = delta.Apply(default, 0);
        _telemetry.OnMetadataUpdate(delta, _image);
    }

    private static byte[] Packed(sbyte codec, params byte[][] messages)
    {
        byte[] plain = [.. messages.SelectMany(message => message)];
        using PooledBytes packed = new();
        if (PayloadCodecs.Find((CompressionCodec)codec) is not { } found)
        {
            return plain;
        }

        found.Compress(plain, packed, found.DefaultLevel);
        return packed.WrittenSpan.ToArray();
    }

    /// <summary>MetricsData with one metric of one point.</summary>
    private static byte[] Otlp(string name, double value, bool isDelta)
    {
        byte[] number = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(number, value);
        byte[] attribute =
            [.. Field(1, "topic.name"u8.ToArray()), .. Field(2, Field(1, "t"u8.ToArray()))];
        byte[] point = [.. Field(7, attribute), (4 << 3) | 1, .. number];
        byte[] points = [.. Field(1, point), 2 << 3, (byte)(isDelta ? 1 : 2)];
        byte[] metric = [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(isDelta ? 7 : 5, points)];
        return Field(1, Field(2, Field(2, metric)));
    }

    private static byte[] Field(int number, byte[] bytes) => [(byte)((number << 3) | 2), (byte)bytes.Length, .. bytes];
}
