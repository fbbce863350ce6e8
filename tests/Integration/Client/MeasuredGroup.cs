namespace KRaftSharp.Tests.Integration.Client;

/// <summary>Tests that measure the memory of the process run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredGroup
{
    public const string Name = "measured";
}
