using System.Text;
using System.Threading.Channels;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Diagnostics;
using KRaftSharp.Client.Hosting;
using KRaftSharp.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Tests.Integration.Testing;

/// <summary>The hosted pieces against a cluster.</summary>
public sealed class HostedConsumerTests
{
    [Fact]
    public async Task Service_ConsumesUntilItIsStopped()
    {
        await using KafkaTestCluster cluster = await KafkaTestCluster.StartAsync();
        await cluster.CreateTopicAsync("orders");
        using Worker worker = new(cluster.CreateConsumer());
        await worker.StartAsync(default);

        await cluster.ProduceAsync("orders", null, "a");
        Assert.Equal("a", await worker.Values.Reader.ReadAsync());
        await cluster.ProduceAsync("orders", null, "b");
        Assert.Equal("b", await worker.Values.Reader.ReadAsync());
        await worker.StopAsync(default);

        Assert.True(worker.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task HealthCheck_SaysWhetherBrokersAreMissing()
    {
        await using KafkaTestCluster cluster = await KafkaTestCluster.StartAsync();
        await using KRaftSharp.Client.Admin.KafkaAdmin admin = cluster.CreateAdmin();

        Assert.Equal(HealthStatus.Healthy, (await new KafkaHealthCheck(admin).CheckHealthAsync(new())).Status);
        Assert.Equal(
            HealthStatus.Degraded, (await new KafkaHealthCheck(admin, 3).CheckHealthAsync(new())).Status);
    }

    private sealed class Worker(KafkaConsumer consumer) : KafkaConsumerService(consumer, NullLogger.Instance)
    {
        public Channel<string> Values { get; } = Channel.CreateUnbounded<string>();

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
                foreach (KRaftSharp.Protocol.Records.RecordView record in part)
                {
                    using var span = KafkaTracing.StartProcess(part.Partition, record);
                    Values.Writer.TryWrite(Encoding.UTF8.GetString(record.Value));
                }
            }

            return ValueTask.CompletedTask;
        }
    }
}
