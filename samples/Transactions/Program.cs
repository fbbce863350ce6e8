// Writes to two topics as one: dotnet run --project samples/Transactions [SERVERS]
using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Producer;

await using KafkaProducer producer = KafkaProducer.Create(new ProducerOptions
{
    BootstrapServers = args is [var servers, ..] ? servers : "127.0.0.1:19092",
    TransactionalId = "billing-1", // of two producers with this name the newer fences the older
});
await producer.InitTransactionsAsync();
for (int i = 0; i < 10; i++)
{
    try
    {
        producer.BeginTransaction();
        await producer.PostAsync(new ProducerRecord { Topic = "bills", Value = Encoding.UTF8.GetBytes($"bill {i}") });
        await producer.PostAsync(new ProducerRecord { Topic = "stock", Value = Encoding.UTF8.GetBytes($"take {i}") });
        await producer.CommitTransactionAsync();
        Console.WriteLine($"bill {i} is written, and its stock is taken");
    }
    catch (KafkaException error) when (error.IsAbortable)
    {
        await producer.AbortTransactionAsync(); // readers of read_committed see neither
        Console.Error.WriteLine($"bill {i}: {error.Message}");
    }
}
