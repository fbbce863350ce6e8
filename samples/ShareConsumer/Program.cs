// Works on a topic as on a queue, beside others of its group, until Ctrl-C:
//   dotnet run --project samples/ShareConsumer [SERVERS] [TOPIC] [GROUP]
// A record that fails goes back and to somebody else; what fails for the third time is rejected.
using System.Text;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Sharing;

string servers = args.ElementAtOrDefault(0) ?? "127.0.0.1:19092";
string topic = args.ElementAtOrDefault(1) ?? "orders";
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};

await using KafkaShareConsumer consumer = KafkaShareConsumer.Create(new ShareConsumerOptions
{
    BootstrapServers = servers,
    GroupId = args.ElementAtOrDefault(2) ?? "packers",
    AcknowledgementMode = AcknowledgementMode.Explicit,
});
consumer.OnAcknowledged = outcome =>
{
    if (outcome.Error is { } error)
    {
        Console.WriteLine($"{outcome.Partition}: {outcome.Offsets.Count} records come again: {error.Message}");
    }
};
consumer.Subscribe(topic);
try
{
    await foreach (ConsumerRecord record in consumer.ReadAsync(stop.Token))
    {
        consumer.Acknowledge(record, TryPack(record) ? AcknowledgeType.Accept
            : record.DeliveryCount < 3 ? AcknowledgeType.Release
            : AcknowledgeType.Reject);
    }
}
catch (OperationCanceledException)
{
    await consumer.CommitAsync();
    Console.WriteLine("bye");
}

// Every tenth order does not fit at first.
static bool TryPack(ConsumerRecord order)
{
    Console.WriteLine(
        $"{order.TopicPartition}@{order.Offset} (delivery {order.DeliveryCount}): "
        + Encoding.UTF8.GetString(order.Value.GetValueOrDefault().Span));
    return order.Offset % 10 != 9 || order.DeliveryCount > 1;
}
