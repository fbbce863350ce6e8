using KRaftSharp.Client.Admin;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KRaftSharp.Client.Hosting;

/// <summary>Whether the cluster answers, and has the brokers that it should.</summary>
/// <param name="admin">Asks.</param>
/// <param name="leastBrokers">With fewer the cluster is degraded.</param>
public sealed class KafkaHealthCheck(KafkaAdmin admin, int leastBrokers = 1) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            ClusterDescription cluster = await admin.Cluster.DescribeAsync(cancellation: cancellationToken);
            string found = $"cluster {cluster.ClusterId} has {cluster.Brokers.Count} brokers";
            return cluster.Brokers.Count >= leastBrokers
                ? HealthCheckResult.Healthy(found)
                : HealthCheckResult.Degraded($"{found}, {leastBrokers} are expected");
        }
        catch (KafkaException error)
        {
            return new HealthCheckResult(
                context.Registration.FailureStatus, "the cluster does not answer: " + error.Message, error);
        }
    }
}
