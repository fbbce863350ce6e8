using KRaftSharp.Client.Metadata;

namespace KRaftSharp.Client.Admin;

/// <summary>Who is in the cluster.</summary>
/// <param name="ClusterId">The cluster's id.</param>
/// <param name="ControllerId">A broker that takes controller requests; -1 without one.</param>
/// <param name="Brokers">By node id.</param>
public sealed record ClusterDescription(string ClusterId, int ControllerId, IReadOnlyList<BrokerNode> Brokers)
{
    /// <summary>Those of <see cref="Brokers"/> that are down or on their way; only told when asked for.</summary>
    public IReadOnlyCollection<int> Fenced { get; init; } = [];
}
