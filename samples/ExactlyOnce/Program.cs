// Copies records from one topic to another, its values in capitals, each exactly once: kill it whenever you like and
// start
// it again, or start several with names of their own. See README.md beside it.
using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Producer;

if (args is not [string servers, string input, string output, string name])
{
    Console.Error.WriteLine("usage: ExactlyOnce HOST:PORT INPUT OUTPUT NAME");
    return 2;
}

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};
while (!stop.IsCancellationRequested)
{
    try
    {
        await CopyAsync(servers, input, output, name, stop.Token);
    }
    catch (KafkaException error)
    {
        Console.Error.WriteLine($"begins anew: {error.Message}"); // from the committed offsets
        await Task.Delay(TimeSpan.FromSeconds(1));
    }
    catch (OperationCanceledException)
    {
        Console.Error.WriteLine("stopped");
    }
}

return 0;

static async Task CopyAsync(string servers, string input, string output, string name, CancellationToken stop)
{
    await using KafkaProducer producer = KafkaProducer.Create(new()
    {
        BootstrapServers = servers,
        TransactionalId = $"exactly-once-{name}", // a restart fences the one before, and ends what it left open
    });
    await producer.InitTransactionsAsync(stop);
    await using KafkaConsumer consumer = KafkaConsumer.Create(new()
    {
        BootstrapServers = servers,
        GroupId = "exactly-once",
        OffsetReset = OffsetReset.Earliest,
        IsolationLevel = IsolationLevel.ReadCommitted,
        EnableAutoCommit = false, // the transaction commits offsets and outputs together
    });
    consumer.Subscribe(input);
    await foreach (FetchedRecords fetched in consumer.ReadBatchesAsync(stop))
    {
        producer.BeginTransaction();
        foreach (ProducerRecord record in Outputs(fetched, output))
        {
            await producer.PostAsync(record, null, stop);
        }

        // With the member's generation: if the group has moved on meanwhile, this is refused and nothing is committed.
        await producer.SendOffsetsToTransactionAsync(consumer.Positions(), consumer.GroupMetadata, stop);
        await producer.CommitTransactionAsync(stop);
    }
}

static List<ProducerRecord> Outputs(FetchedRecords fetched, string topic)
{
    List<ProducerRecord> outputs = [];
    foreach (PartitionRecords partition in fetched.Partitions)
    {
        foreach (var record in partition)
        {
            string text = Encoding.UTF8.GetString(record.Value).ToUpperInvariant();
            outputs.Add(new() { Topic = topic, Key = record.Key.ToArray(), Value = Encoding.UTF8.GetBytes(text) });
        }
    }

    return outputs;
}
