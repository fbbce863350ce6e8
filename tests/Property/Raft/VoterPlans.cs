using FsCheck;
using FsCheck.Fluent;

namespace KRaftSharp.Tests.Property.Raft;

/// <summary>How FsCheck makes plans in which voters come and go.</summary>
public static class VoterPlans
{
    public static Arbitrary<RaftPlan> Plans() => Arb.From(Plan(), RaftPlans.Shrink);

    private static Gen<RaftPlan> Plan() =>
        from nodes in Gen.Elements(3, 4, 5, 5, 6)
        from seed in Gen.Choose(0, int.MaxValue)
        from loss in Gen.Elements(0, 0, 5, 20)
        from joins in Gen.Elements(false, true)
        from faults in Fault().ListOf()
        select new RaftPlan(nodes, seed, loss, [.. faults], IsDynamic: true, joins);

    private static Gen<RaftFault> Fault() =>
        from after in Gen.Elements(1, 5, 30, 200, 1500)
        from kind in Gen.Elements(
            RaftFaultKind.AddVoter, RaftFaultKind.AddVoter, RaftFaultKind.AddVoter, RaftFaultKind.RemoveVoter,
            RaftFaultKind.RemoveVoter, RaftFaultKind.LoseDisk, RaftFaultKind.Crash, RaftFaultKind.Restart,
            RaftFaultKind.Cut, RaftFaultKind.Heal, RaftFaultKind.Pause, RaftFaultKind.Resign, RaftFaultKind.RestartAll)
        from a in Gen.Choose(0, 5)
        from b in Gen.Choose(0, 5)
        select new RaftFault(after, kind, a, b);
}
