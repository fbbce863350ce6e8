using FsCheck;
using FsCheck.Fluent;
using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Tests.Property.Simulation.Faults;

/// <summary>How FsCheck makes and shrinks fault schedules.</summary>
internal static class Scenarios
{
    private const int LongestMs = 12_000;

    public static Arbitrary<Scenario> Arbitrary(Func<Prng, int, int, Fault> drawFault) => Arb.From(
        from seed in Gen.Choose(0, int.MaxValue)
        from nodes in Gen.Frequency((4, Gen.Constant(3)), (1, Gen.Constant(5)))
        from duration in Gen.Choose(4, LongestMs / 1000).Select(seconds => seconds * 1000)
        from faults in Gen.Choose(0, int.MaxValue)
            .Select(number => drawFault(new Prng((ulong)number), nodes, duration)).ListOf()
        select new Scenario((ulong)seed, nodes, duration, [.. faults.OrderBy(fault => fault.AtMs)]),
        scenario => scenario.Simpler());
}
