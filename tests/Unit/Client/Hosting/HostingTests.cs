using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Hosting;
using KRaftSharp.Client.Producer;
using KRaftSharp.Client.Sharing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KRaftSharp.Tests.Unit.Client.Hosting;

/// <summary>The clients as services of a host.</summary>
public sealed class HostingTests
{
    [Fact]
    public async Task Services_AreSharedOrTheirOwn_ByKey_AndClosedWithTheContainer()
    {
        ServiceCollection services = new();
        services.AddKafkaProducer(_ => new ProducerOptions { BootstrapServers = "nobody:1" });
        services.AddKafkaProducer("audit", _ => new ProducerOptions { BootstrapServers = "nobody:2" });
        services.AddKafkaConsumer(_ => new ConsumerOptions { BootstrapServers = "nobody:1" });
        services.AddKafkaConsumer("audit", _ => new ConsumerOptions { BootstrapServers = "nobody:2" });
        services.AddKafkaShareConsumer(_ => new ShareConsumerOptions { GroupId = "g" });
        services.AddKafkaShareConsumer("audit", _ => new ShareConsumerOptions { GroupId = "g" });
        services.AddKafkaAdmin("audit", _ => new AdminOptions { BootstrapServers = "nobody:2" });
        ServiceProvider provider = services.BuildServiceProvider();

        KafkaProducer producer = provider.GetRequiredService<KafkaProducer>();

        Assert.Same(producer, provider.GetRequiredService<KafkaProducer>());
        Assert.NotSame(producer, provider.GetRequiredKeyedService<KafkaProducer>("audit"));
        Assert.NotSame(
            provider.GetRequiredService<KafkaConsumer>(), provider.GetRequiredService<KafkaConsumer>());
        Assert.NotNull(provider.GetRequiredKeyedService<KafkaConsumer>("audit"));
        Assert.NotSame(
            provider.GetRequiredService<KafkaShareConsumer>(), provider.GetRequiredService<KafkaShareConsumer>());
        Assert.NotNull(provider.GetRequiredKeyedService<KafkaShareConsumer>("audit"));
        Assert.NotNull(provider.GetRequiredKeyedService<KafkaAdmin>("audit"));
        await provider.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await producer.PostAsync(new ProducerRecord { Topic = "t" }));
    }

    [Fact]
    public async Task HealthCheck_ClusterThatIsNotThere_IsUnhealthy()
    {
        await using KafkaAdmin admin = KafkaAdmin.Create(new AdminOptions
        {
            BootstrapServers = "127.0.0.1:1",
            ApiTimeout = TimeSpan.FromMilliseconds(50),
        });
        KafkaHealthCheck check = new(admin);

        HealthCheckResult result = await check.CheckHealthAsync(new HealthCheckContext
        {
            Registration = new HealthCheckRegistration("kafka", check, HealthStatus.Unhealthy, tags: null),
        });

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("does not answer", result.Description);
    }
}
