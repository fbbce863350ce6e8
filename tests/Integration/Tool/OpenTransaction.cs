using KRaftSharp.Client.Producer;

namespace KRaftSharp.Tests.Integration.Tool;

/// <summary>A producer with a record in a transaction that it has not ended.</summary>
internal sealed class OpenTransaction : IAsyncDisposable
{
    private readonly KafkaProducer _producer;

    private OpenTransaction(KafkaProducer producer) => _producer = producer;

    public static async Task<OpenTransaction> BeginAsync(string bootstrap, string id, string topic)
    {
        KafkaProducer producer = KafkaProducer.Create(new ProducerOptions
        {
            BootstrapServers = bootstrap,
            TransactionalId = id,
        });
        await producer.InitTransactionsAsync();
        producer.BeginTransaction();
        await producer.SendAsync(new ProducerRecord { Topic = topic, Partition = 0, Value = "open"u8.ToArray() });
        return new OpenTransaction(producer);
    }

    public ValueTask DisposeAsync() => _producer.DisposeAsync();
}
