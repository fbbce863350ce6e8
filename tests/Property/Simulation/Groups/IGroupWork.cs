using KRaftSharp.History;

namespace KRaftSharp.Tests.Property.Simulation.Groups;

/// <summary>What a member does with what it has read, and how it commits that.</summary>
internal interface IGroupWork
{
    /// <summary>Whether a commit that failed has undone the work, so that it begins at the committed offset.</summary>
    bool StartsAgain { get; }

    string State { get; }

    /// <summary>Commits the offset behind what was read; true when it is known to be committed.</summary>
    Task<bool> CommitAsync(
        IMembership membership, PartitionId partition, long from, long to, IReadOnlyList<string> values);

    void Crash();
}
