namespace KRaftSharp.Tests.Integration.Tool;

/// <summary>The tests that share a <see cref="ToolCluster"/>.</summary>
[CollectionDefinition(Name)]
public sealed class ToolGroup : ICollectionFixture<ToolCluster>
{
    public const string Name = "tool";
}
