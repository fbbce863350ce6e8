// Sends orders as JSON and prints where they went: dotnet run --project samples/Producer [SERVERS]
using System.Text.Json.Serialization;
using KRaftSharp.Client.Producer;
using KRaftSharp.Client.Serialization;

await using KafkaProducer producer = KafkaProducer.Create(ProducerOptions.FromProperties(new Dictionary<string, string>
{
    ["bootstrap.servers"] = args is [var servers, ..] ? servers : "127.0.0.1:19092",
    ["compression.type"] = "zstd",
    ["linger.ms"] = "5",
}));
TypedProducer<string?, Order> orders = new(producer, Serializers.Utf8, Serializers.Json(Shop.Default.Order));

// Fire and forget, with a callback; then one that is awaited.
for (int i = 0; i < 1000; i++)
{
    Order order = new($"order-{i}", i * 3);
    await orders.PostAsync("orders", order.Id, order, (where, error) =>
    {
        if (error is not null)
        {
            Console.Error.WriteLine($"{order.Id}: {error.Message}");
        }
    });
}

RecordMetadata last = await orders.SendAsync("orders", "last", new Order("last", 1));
await producer.FlushAsync();
Console.WriteLine($"the last one went to {last.Partition} at {last.Offset}");

internal sealed record Order(string Id, int Cents);

[JsonSerializable(typeof(Order))]
internal sealed partial class Shop : JsonSerializerContext;
