// Prints a topic from its beginning, until Ctrl-C: dotnet run --project samples/Consumer [SERVERS] [TOPIC]
using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol.Records;

string servers = args.ElementAtOrDefault(0) ?? "127.0.0.1:19092";
string topic = args.ElementAtOrDefault(1) ?? "orders";
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};

await using KafkaConsumer consumer = KafkaConsumer.Create(new ConsumerOptions { BootstrapServers = servers });
TopicView view = await consumer.TopicAsync(topic, stop.Token);
TopicPartition[] partitions = [.. view.Partitions.Select(partition => new TopicPartition(topic, partition.Index))];
consumer.Assign(partitions);
foreach (TopicPartition partition in partitions)
{
    consumer.SeekToBeginning(partition);
}

try
{
    while (true)
    {
        using FetchedRecords fetched = await consumer.PollAsync(TimeSpan.FromSeconds(1), stop.Token);
        foreach (PartitionRecords part in fetched.Partitions)
        {
            Print(part);
        }
    }
}
catch (OperationCanceledException)
{
    Console.WriteLine("bye");
}

// Keys and values are spans into the received bytes: nothing is copied until it is wanted.
static void Print(PartitionRecords part)
{
    foreach (RecordView record in part)
    {
        Console.WriteLine(
            $"{part.Partition}@{record.Offset} {Encoding.UTF8.GetString(record.Key)}: "
            + Encoding.UTF8.GetString(record.Value));
    }
}
