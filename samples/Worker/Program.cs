// A host that consumes in the background and watches the cluster: dotnet run --project samples/Worker [SERVERS]
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Diagnostics;
using KRaftSharp.Client.Hosting;
using KRaftSharp.Protocol.Records;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

string servers = args is [var given, ..] ? given : "127.0.0.1:19092";
HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Services.AddKafkaConsumer(_ => new ConsumerOptions { BootstrapServers = servers });
builder.Services.AddKafkaProducer(_ => new() { BootstrapServers = servers });
builder.Services.AddKafkaAdmin(_ => new() { BootstrapServers = servers });
builder.Services.AddHealthChecks().AddKafka();
builder.Services.AddHostedService<OrderWorker>();
await builder.Build().RunAsync();

internal sealed partial class OrderWorker(KafkaConsumer consumer, ILogger<OrderWorker> logger)
    : KafkaConsumerService(consumer, logger)
{
    protected override ValueTask BeginAsync(KafkaConsumer consumer, CancellationToken stopping)
    {
        TopicPartition partition = new("orders", 0);
        consumer.Assign([partition]);
        consumer.SeekToBeginning(partition);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask HandleAsync(FetchedRecords records, CancellationToken stopping)
    {
        foreach (PartitionRecords part in records.Partitions)
        {
            foreach (RecordView record in part)
            {
                // A span whose parent is the sender's, where somebody listens.
                using var span = KafkaTracing.StartProcess(part.Partition, record);
                Came(part.Partition, record.Offset, record.Value.Length);
            }
        }

        return ValueTask.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Information, "{Partition} {Offset}: {Bytes} bytes")]
    private partial void Came(TopicPartition partition, long offset, int bytes);
}
