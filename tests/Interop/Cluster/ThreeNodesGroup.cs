namespace KRaftSharp.Tests.Interop.Cluster;

/// <summary>Tests that share one cluster and leave its nodes alone.</summary>
[CollectionDefinition(Name)]
public sealed class ThreeNodesGroup : ICollectionFixture<ThreeNodes>
{
    public const string Name = "three nodes";
}
