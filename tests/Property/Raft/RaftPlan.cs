using FsCheck;
using FsCheck.Fluent;

namespace KRaftSharp.Tests.Property.Raft;

public enum RaftFaultKind
{
    /// <summary>The process dies; what was not flushed may be gone.</summary>
    Crash = 0,

    /// <summary>The process dies and comes back some milliseconds later.</summary>
    Restart,

    /// <summary>Nothing passes between two nodes any more, silently.</summary>
    Cut,

    /// <summary>Everything passes again.</summary>
    Heal,

    /// <summary>A node is stopped and goes on later: its timers and messages come late.</summary>
    Pause,

    /// <summary>Whoever leads is asked to resign.</summary>
    Resign,

    /// <summary>All processes die at once and come back.</summary>
    RestartAll,

    /// <summary>With dynamic voters: the leader is asked to add a node (KIP-853).</summary>
    AddVoter,

    /// <summary>With dynamic voters: the leader is asked to remove a voter, perhaps itself.</summary>
    RemoveVoter,

    /// <summary>With dynamic voters: a node loses its disk and comes back with a new directory, if a majority of every
    /// voter set that is known anywhere has kept its own.</summary>
    LoseDisk,
}

/// <summary>One thing that goes wrong, so many milliseconds after the last one.</summary>
public sealed record RaftFault(int AfterMs, RaftFaultKind Kind, int A, int B);

/// <summary>What a run of <see cref="RaftNet"/> does.</summary>
/// <param name="IsDynamic">All but two of the nodes vote at first, and that may change.</param>
/// <param name="JoinsByItself">A node that does not vote asks to.</param>
public sealed record RaftPlan(
    int Nodes, int Seed, int LossPercent, IReadOnlyList<RaftFault> Faults, bool IsDynamic = false,
    bool JoinsByItself = false);

/// <summary>How FsCheck makes plans; they shrink by their faults.</summary>
public static class RaftPlans
{
    public static Arbitrary<RaftPlan> Plans() => Arb.From(Plan(), Shrink);

    private static Gen<RaftPlan> Plan() =>
        from nodes in Gen.Elements(1, 2, 3, 3, 3, 4, 5)
        from seed in Gen.Choose(0, int.MaxValue)
        from loss in Gen.Elements(0, 0, 5, 20)
        from faults in Fault().ListOf()
        select new RaftPlan(nodes, seed, loss, [.. faults]);

    private static Gen<RaftFault> Fault() =>
        from after in Gen.Elements(1, 5, 30, 200, 1500)
        from kind in Gen.Elements(
            RaftFaultKind.Crash, RaftFaultKind.Restart, RaftFaultKind.Restart, RaftFaultKind.Cut, RaftFaultKind.Heal,
            RaftFaultKind.Pause, RaftFaultKind.Resign, RaftFaultKind.RestartAll)
        from a in Gen.Choose(0, 4)
        from b in Gen.Choose(0, 4)
        select new RaftFault(after, kind, a, b);

    internal static IEnumerable<RaftPlan> Shrink(RaftPlan plan)
    {
        if (plan.Faults.Count > 1)
        {
            yield return plan with { Faults = [.. plan.Faults.Take(plan.Faults.Count / 2)] };
        }

        for (int i = 0; i < plan.Faults.Count; i++)
        {
            yield return plan with { Faults = [.. plan.Faults.Where((_, index) => index != i)] };
        }
    }
}
