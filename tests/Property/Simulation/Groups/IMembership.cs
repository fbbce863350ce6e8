using KRaftSharp.History;
using KRaftSharp.Protocol;
using KRaftSharp.Tests.Property.Simulation.Transactions;

namespace KRaftSharp.Tests.Property.Simulation.Groups;

/// <summary>A member's side of one of the group protocols.</summary>
internal interface IMembership
{
    GroupIdentity Identity { get; }

    bool IsMember { get; }

    /// <summary>What the member has, in order.</summary>
    IReadOnlyList<PartitionId> Owned { get; }

    /// <summary>Counts what was given: positions of an earlier count are worth nothing.</summary>
    int AssignmentCount { get; }

    /// <summary>Called before partitions are given up, while the member may still commit for them.</summary>
    Func<Task>? Revoking { get; set; }

    string State { get; }

    /// <summary>Joins when it is no member; else a heartbeat when one is due.</summary>
    Task StepAsync();

    /// <summary>Says good-bye; true when it was heard.</summary>
    Task<bool> LeaveAsync();

    /// <summary>What a commit was told that makes the membership doubtful.</summary>
    void Told(ErrorCode error);

    /// <summary>The process dies; a static member keeps its instance id.</summary>
    void Forget();

    /// <summary>Whether the coordinator must have gone beyond an identity that this member once had.</summary>
    bool IsPast(GroupIdentity identity);
}
