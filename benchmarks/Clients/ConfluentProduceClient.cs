using Confluent.Kafka;

namespace KRaftSharp.Benchmarks.Clients;

/// <summary>Confluent.Kafka, that is librdkafka, with the same batches and the same wait for more.</summary>
internal sealed class ConfluentProduceClient : IProduceClient
{
    private const int Window = 10_000;

    private readonly IProducer<Null, byte[]> _producer;
    private readonly Message<Null, byte[]> _message;
    private readonly string _topic;
    private readonly bool _awaits;
    private readonly Action<DeliveryReport<Null, byte[]>> _onDone;
    private Error? _failure;

    public ConfluentProduceClient(string servers, string topic, int recordBytes, bool all, bool awaits)
    {
        _topic = topic;
        _awaits = awaits;
        _message = new Message<Null, byte[]> { Value = ProduceRun.Payload(recordBytes) };
        _onDone = report => _failure = report.Error.IsError ? report.Error : _failure;
        _producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = servers,
            Acks = all ? Acks.All : Acks.Leader,
            EnableIdempotence = all,
            BatchSize = ProduceRun.BatchBytes,
            LingerMs = ProduceRun.LingerMs,
            QueueBufferingMaxKbytes = ProduceRun.BufferBytes / 1024,
            QueueBufferingMaxMessages = 1_000_000,
            Partitioner = Partitioner.ConsistentRandom,
            StickyPartitioningLingerMs = ProduceRun.LingerMs,
        }).Build();
    }

    public async Task SendAsync(int records)
    {
        if (_awaits)
        {
            Task[] sent = new Task[Window];
            for (int done = 0; done < records; done += Window)
            {
                int count = Math.Min(Window, records - done);
                for (int i = 0; i < count; i++)
                {
                    sent[i] = _producer.ProduceAsync(_topic, _message);
                }

                await Task.WhenAll(sent.AsSpan(0, count).ToArray());
            }

            return;
        }

        for (int i = 0; i < records; i++)
        {
            Post();
        }

        _producer.Flush();
        if (_failure is not null)
        {
            throw new KafkaException(_failure);
        }
    }

    public ValueTask DisposeAsync()
    {
        _producer.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Post()
    {
        while (true)
        {
            try
            {
                _producer.Produce(_topic, _message, _onDone);
                return;
            }
            catch (ProduceException<Null, byte[]> error) when (error.Error.Code == ErrorCode.Local_QueueFull)
            {
                Thread.Sleep(1);
            }
        }
    }
}
