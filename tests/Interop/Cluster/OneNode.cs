namespace KRaftSharp.Tests.Interop.Cluster;

/// <summary>A single node with Kafka's defaults.</summary>
public sealed class OneNode : ThreeNodes
{
    protected override int NodeCount => 1;

    protected override string Settings => "";
}
