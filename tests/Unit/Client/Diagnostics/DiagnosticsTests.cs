using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using KRaftSharp.Client.Diagnostics;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Client.Diagnostics;

/// <summary>What listeners see of a producer; each test looks for its own client id, others run beside it.</summary>
public sealed class DiagnosticsTests
{
    [Fact]
    public async Task Send_MakesASpan_WhoseContextTravelsInTheHeaders()
    {
        ConcurrentQueue<Activity> spans = new();
        using ActivityListener listener = Listen(spans);
        ProducerRecord? seen = null;
        ModelCluster cluster = new(1, 1, faulty: false);
        await using KafkaProducer producer = Producer(cluster, "traced", record => seen = record);

        using Activity parent = new Activity("work").Start();
        await producer.SendAsync(Record() with
        {
            Headers = [new RecordHeader("traceparent", Encoding.UTF8.GetBytes("old")), new RecordHeader("mine", null)],
        });

        Activity span = Assert.Single(spans, span => Equals(span.GetTagItem("messaging.client.id"), "traced"));
        Assert.Equal("send t", span.DisplayName);
        Assert.Equal(ActivityKind.Producer, span.Kind);
        Assert.Equal(parent.SpanId, span.ParentSpanId);
        Assert.Equal("kafka", span.GetTagItem("messaging.system"));
        Assert.Equal("t", span.GetTagItem("messaging.destination.name"));
        Assert.Equal("0", span.GetTagItem("messaging.destination.partition.id"));
        Assert.Equal(0L, span.GetTagItem("messaging.kafka.offset"));
        Assert.Equal(["mine", "traceparent"], seen!.Value.Headers!.Select(header => Text(header.Key)));
        Assert.Equal(span.Id, Text(seen.Value.Headers![1].Value!.Value));
    }

    [Fact]
    public async Task Post_SpanEndsWithTheRecord_AndErrorsAreItsStatus()
    {
        ConcurrentQueue<Activity> spans = new();
        using ActivityListener listener = Listen(spans);
        ModelCluster cluster = new(1, 1, faulty: false);
        int called = 0;
        await using (KafkaProducer producer = Producer(cluster, "posted", static _ => { }))
        {
            await producer.TopicAsync(ModelCluster.Topic);
            await producer.PostAsync(Record(), (_, _) => called++);
            Assert.DoesNotContain(spans, span => Equals(span.GetTagItem("messaging.client.id"), "posted"));
            await producer.CloseAsync(TimeSpan.Zero);
        }

        Activity span = Assert.Single(spans, span => Equals(span.GetTagItem("messaging.client.id"), "posted"));
        Assert.Equal(1, called);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal("NETWORK_EXCEPTION", span.GetTagItem("error.type"));
    }

    [Fact]
    public async Task Metrics_CountWhatWasSent()
    {
        ConcurrentQueue<(string Name, double Value)> counted = new();
        using MeterListener listener = new()
        {
            InstrumentPublished = static (instrument, self) =>
            {
                if (instrument.Meter.Name == KafkaTracing.Name)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Count(instrument, value, tags));
        listener.Start();
        ModelCluster cluster = new(1, 1, faulty: false);
        await using KafkaProducer producer = Producer(cluster, "measured", static _ => { });

        await producer.PostAsync(Record());
        await producer.PostAsync(Record());
        await producer.FlushAsync();

        Assert.Contains(("kafka.producer.record.send", 2), counted);
        Assert.Contains(("kafka.producer.batch.records", 2), counted);
        Assert.Contains(counted, entry => entry.Name == "kafka.producer.outgoing.bytes" && entry.Value > 60);
        Assert.Contains(counted, entry => entry.Name == "kafka.producer.batch.latency" && entry.Value >= 0);
        Assert.DoesNotContain(counted, entry => entry.Name == "kafka.producer.record.error");

        void Count(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach ((string key, object? tag) in tags)
            {
                if (key == "messaging.client.id" && Equals(tag, "measured"))
                {
                    counted.Enqueue((instrument.Name, value));
                }
            }
        }
    }

    private static KafkaProducer Producer(ModelCluster cluster, string clientId, Action<ProducerRecord> seen) =>
        KafkaProducer.Create(
            new ProducerOptions
            {
                BootstrapServers = "broker:1",
                ClientId = clientId,
                Linger = TimeSpan.FromSeconds(clientId == "traced" ? 0 : 30),
                Interceptors = [new Watcher(seen)],
            },
            cluster.Runtime);

    private static ActivityListener Listen(ConcurrentQueue<Activity> ended)
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == KafkaTracing.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static ProducerRecord Record() => new() { Topic = ModelCluster.Topic, Value = new byte[3] };

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private sealed class Watcher(Action<ProducerRecord> seen) : IProducerInterceptor
    {
        public ProducerRecord OnSend(ProducerRecord record)
        {
            seen(record);
            return record;
        }
    }
}
