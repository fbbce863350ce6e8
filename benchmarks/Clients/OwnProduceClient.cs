using KRaftSharp.Client;
using KRaftSharp.Client.Producer;

namespace KRaftSharp.Benchmarks.Clients;

/// <summary>KRaftSharp.Client.</summary>
internal sealed class OwnProduceClient : IProduceClient
{
    private const int Window = 10_000;

    private readonly KafkaProducer _producer;
    private readonly ProducerRecord _record;
    private readonly bool _awaits;
    private readonly Action<RecordMetadata, KafkaException?> _onDone;
    private Exception? _failure;

    /// <param name="awaits">Every send's task is awaited, ten thousand at a time; else nobody waits but for the
    /// flush.</param>
    public OwnProduceClient(string servers, string topic, int recordBytes, bool all, bool awaits)
    {
        _awaits = awaits;
        _record = new ProducerRecord { Topic = topic, Value = ProduceRun.Payload(recordBytes) };
        _onDone = (_, error) => _failure ??= error;
        _producer = KafkaProducer.Create(new ProducerOptions
        {
            BootstrapServers = servers,
            Acks = all ? Acks.All : Acks.Leader,
            BatchSize = ProduceRun.BatchBytes,
            Linger = TimeSpan.FromMilliseconds(ProduceRun.LingerMs),
            BufferMemory = ProduceRun.BufferBytes,
        });
    }

    public async Task SendAsync(int records)
    {
        if (_awaits)
        {
            await SendAwaitedAsync(records);
            return;
        }

        for (int i = 0; i < records; i++)
        {
            ValueTask posted = _producer.PostAsync(_record, _onDone);
            if (!posted.IsCompletedSuccessfully)
            {
                await posted;
            }
        }

        await _producer.FlushAsync();
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    public ValueTask DisposeAsync() => _producer.DisposeAsync();

    private async Task SendAwaitedAsync(int records)
    {
        Task<RecordMetadata>[] sent = new Task<RecordMetadata>[Window];
        for (int done = 0; done < records; done += Window)
        {
            int count = Math.Min(Window, records - done);
            for (int i = 0; i < count; i++)
            {
                sent[i] = _producer.SendAsync(_record).AsTask();
            }

            for (int i = 0; i < count; i++)
            {
                await sent[i];
            }
        }
    }
}
