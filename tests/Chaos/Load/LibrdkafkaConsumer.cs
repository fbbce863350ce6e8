using Confluent.Kafka;
using KRaftSharp.History;

namespace KRaftSharp.Chaos.Load;

/// <summary>A member of a group, of librdkafka: what it is given goes into the history.</summary>
internal sealed class LibrdkafkaConsumer(
    string name, string group, string bootstrap, string topic, OperationHistory history, LoadStats stats)
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(200);
    private readonly Dictionary<TopicPartition, Reading> _readings = [];

    public void Run(CancellationToken stop)
    {
        using IConsumer<Ignore, string> consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            ClientId = name,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            SessionTimeoutMs = 10_000,
            IsolationLevel = IsolationLevel.ReadUncommitted,
        })
            .SetLogHandler((_, _) => { })
            .SetPartitionsRevokedHandler((_, revoked) => revoked.ForEach(one => _readings.Remove(one.TopicPartition)))
            .SetPartitionsLostHandler((_, lost) => lost.ForEach(one => _readings.Remove(one.TopicPartition)))
            .SetErrorHandler((_, error) =>
            {
                if (error.IsFatal)
                {
                    stats.OnError($"{name}: {error.Reason}");
                }
            })
            .Build();
        consumer.Subscribe(topic);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (consumer.Consume(PollTime) is { Message: { } message } result)
                {
                    Take(result.TopicPartition, result.Offset.Value, message.Value);
                }
            }
            catch (ConsumeException error)
            {
                stats.OnError($"{name}: {error.Error.Reason}");
            }
        }

        consumer.Close();
    }

    private void Take(TopicPartition partition, long offset, string value)
    {
        if (!_readings.TryGetValue(partition, out Reading? reading))
        {
            PartitionId id = new(partition.Topic, partition.Partition);
            reading = history.Read(name, id, Isolation.ReadUncommitted, offset);
            _readings.Add(partition, reading);
        }

        reading.Take(offset, value);
        stats.OnRead();
    }
}
