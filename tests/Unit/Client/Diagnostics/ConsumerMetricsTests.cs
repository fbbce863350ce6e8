using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Diagnostics;

namespace KRaftSharp.Tests.Unit.Client.Diagnostics;

/// <summary>What listeners see of a consumer; others run beside it under other client ids.</summary>
public sealed class ConsumerMetricsTests
{
    [Fact]
    public async Task Metrics_CountWhatWasRead()
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
        cluster.Partitions[0].Values.AddRange(["a", "b", "c", "d"]);
        await using KafkaConsumer consumer = KafkaConsumer.Create(
            new ConsumerOptions
            {
                BootstrapServers = "broker:1",
                ClientId = "metered",
                OffsetReset = OffsetReset.Earliest,
            },
            cluster.Runtime);
        consumer.Assign([new TopicPartition(ModelCluster.Topic, 0)]);

        while (consumer.Position(new TopicPartition(ModelCluster.Topic, 0)) is not 4)
        {
            using FetchedRecords fetched = await consumer.PollAsync(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(4, Sum("kafka.consumer.record.consumed"));
        Assert.True(Sum("kafka.consumer.incoming.bytes") > 100);
        Assert.Contains(counted, one => one is ("kafka.consumer.record.lag", 0));
        Assert.Contains(counted, one => one.Name == "kafka.consumer.fetch.latency");

        double Sum(string name) => counted.Where(one => one.Name == name).Sum(one => one.Value);

        void Count(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag is { Key: "messaging.client.id", Value: "metered" })
                {
                    counted.Enqueue((instrument.Name, value));
                }
            }
        }
    }
}
