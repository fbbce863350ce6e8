namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>The topics in which coordinators keep their state.</summary>
internal static class InternalTopic
{
    public const string Offsets = "__consumer_offsets";
    public const string Transactions = "__transaction_state";

    public static bool Is(string topic) => topic.StartsWith("__", StringComparison.Ordinal);
}
