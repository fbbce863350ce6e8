using System.Diagnostics;
using Confluent.Kafka;
using KRaftSharp.History;

namespace KRaftSharp.Chaos.Load;

/// <summary>An idempotent producer of librdkafka with default retries, whose sends go into the history.</summary>
internal sealed class LibrdkafkaProducer(
    string name, string bootstrap, string topic, int partitions, OperationHistory history, LoadStats stats)
{
    private static readonly TimeSpan FlushLimit = TimeSpan.FromMinutes(3);

    public async Task RunAsync(int rate, CancellationToken stop)
    {
        using IProducer<Null, string> producer = new ProducerBuilder<Null, string>(new ProducerConfig
        {
            BootstrapServers = bootstrap,
            ClientId = name,
            EnableIdempotence = true,
            QueueBufferingMaxMessages = 1_000_000,
        })
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) =>
            {
                if (error.IsFatal)
                {
                    stats.OnError($"{name}: {error.Reason}");
                }
            })
            .Build();
        Pacer pacer = new(rate);
        try
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                await pacer.NextAsync(stop);
                Send(producer, i);
            }
        }
        catch (OperationCanceledException)
        {
            // No new work; what is under way is finished.
        }

        producer.Flush(FlushLimit);
    }

    private void Send(IProducer<Null, string> producer, int number)
    {
        string value = $"{name}-{number}";
        TopicPartition partition = new(topic, number % partitions);
        Sent sent = history.Send(name, new PartitionId(topic, partition.Partition), value);
        long from = Stopwatch.GetTimestamp();
        try
        {
            producer.Produce(partition, new Message<Null, string> { Value = value }, report =>
            {
                if (report.Error.IsError)
                {
                    stats.OnError($"{name}: {value} was not acknowledged: {report.Error.Reason}");
                    return;
                }

                sent.Acknowledge(report.Offset.Value);
                stats.OnAcknowledged(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            });
        }
        catch (KafkaException error)
        {
            stats.OnError($"{name}: {value}: {error.Error.Reason}");
        }
    }
}
