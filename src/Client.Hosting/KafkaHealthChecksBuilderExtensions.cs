using KRaftSharp.Client.Admin;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KRaftSharp.Client.Hosting;

/// <summary>Adds <see cref="KafkaHealthCheck"/> to a host's health checks.</summary>
public static class KafkaHealthChecksBuilderExtensions
{
    /// <summary>Asks the cluster by the admin client that <c>AddKafkaAdmin</c> has put there.</summary>
    /// <param name="leastBrokers">With fewer the cluster is degraded.</param>
    /// <param name="key">The admin client's key.</param>
    /// <param name="timeout">After which the cluster counts as gone; null: 5 seconds.</param>
    public static IHealthChecksBuilder AddKafka(
        this IHealthChecksBuilder builder, int leastBrokers = 1, object? key = null, string name = "kafka",
        TimeSpan? timeout = null) =>
        builder.Add(new HealthCheckRegistration(
            name,
            provider => new KafkaHealthCheck(
                key is null
                    ? provider.GetRequiredService<KafkaAdmin>()
                    : provider.GetRequiredKeyedService<KafkaAdmin>(key),
                leastBrokers),
            HealthStatus.Unhealthy, tags: null, timeout ?? TimeSpan.FromSeconds(5)));
}
