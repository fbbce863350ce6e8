using KRaftSharp.Client.Metadata;

namespace KRaftSharp.Client.Admin;

/// <summary>Who is in the cluster.</summary>
public sealed record ClusterDescription(string ClusterId, int ControllerId, IReadOnlyList<BrokerNode> Brokers);
