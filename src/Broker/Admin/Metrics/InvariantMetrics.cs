using KRaftSharp.Broker.Admin.Health;
using KRaftSharp.Broker.Node;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>What must hold at any moment, looked at with every scrape: see <see cref="InvariantChecks"/>.</summary>
internal sealed class InvariantMetrics(KafkaNode node) : IMetricsSource
{
    public void Write(MetricsSink sink)
    {
        NodeInvariants now = InvariantChecks.Of(node);
        const string Violations = "kraftsharp_invariant_violations";
        sink.Metric(Violations, "gauge", "For how many partitions or the like an invariant does not hold now");
        foreach (InvariantData invariant in now.Invariants)
        {
            sink.Sample(Violations, invariant.Violations.Count, "invariant", invariant.Name);
        }
    }
}
