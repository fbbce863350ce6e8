namespace KRaftSharp.Tests.Interop.Cluster;

/// <summary>Three nodes with Kafka's defaults.</summary>
public sealed class ThreeDefaultNodes : ThreeNodes
{
    protected override string Settings => "";
}
