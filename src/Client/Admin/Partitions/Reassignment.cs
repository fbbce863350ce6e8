namespace KRaftSharp.Client.Admin;

/// <summary>A move of a partition that goes on.</summary>
/// <param name="Replicas">All that it has meanwhile.</param>
/// <param name="Adding">Those that are being filled.</param>
/// <param name="Removing">Those that go at the end.</param>
public sealed record Reassignment(
    IReadOnlyList<int> Replicas, IReadOnlyList<int> Adding, IReadOnlyList<int> Removing);
