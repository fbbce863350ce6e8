using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Tests.Property.Simulation.Faults;

/// <summary>
/// One run, completely: the same scenario gives the same run. The seed decides everything that the other fields leave
/// open (delays, skews, what a crash tears), so a shrunk list of faults still means the same world.
/// </summary>
internal sealed record Scenario(ulong Seed, int NodeCount, int DurationMs, IReadOnlyList<Fault> Faults)
{
    /// <summary>Everything drawn from one number.</summary>
    /// <param name="drawFault"><see cref="DrawFault"/> when null.</param>
    public static Scenario FromSeed(
        ulong seed, int shortestMs = 8000, int longestMs = 25_000, Func<Prng, int, int, Fault>? drawFault = null)
    {
        var chance = new Prng(seed ^ 0x5EED_5EED_5EED_5EEDUL);
        int nodes = chance.Below(4) == 0 ? 5 : 3;
        int duration = chance.Between(shortestMs / 1000, longestMs / 1000) * 1000;
        var faults = new List<Fault>();
        int count = chance.Below(10);
        for (int i = 0; i < count; i++)
        {
            faults.Add((drawFault ?? DrawFault)(chance, nodes, duration));
        }

        return new Scenario(seed, nodes, duration, [.. faults.OrderBy(fault => fault.AtMs)]);
    }

    public static Fault DrawFault(Prng chance, int nodes, int durationMs)
    {
        var kind = (FaultKind)chance.Below((int)FaultKind.KillAtCommitStep);
        int target = chance.Below(nodes + 3);
        int lasting = chance.Below(3) == 0 ? chance.Between(3000, 12000) : chance.Between(10, 3000);
        return new Fault(
            chance.Between(1500, Math.Max(1501, durationMs)),
            kind,
            target < nodes ? (Target)target : Target.ActiveController + (target - nodes),
            lasting);
    }

    /// <summary>Simpler scenarios that may fail as well: without some faults, or with shorter ones.</summary>
    public IEnumerable<Scenario> Simpler()
    {
        for (int size = Faults.Count; size >= 1; size /= 2)
        {
            for (int from = 0; from < Faults.Count; from += size)
            {
                yield return this with { Faults = [.. Faults.Take(from), .. Faults.Skip(from + size)] };
            }
        }

        for (int i = 0; i < Faults.Count; i++)
        {
            if (Faults[i].DurationMs > 100)
            {
                Fault shorter = Faults[i] with { DurationMs = Faults[i].DurationMs / 2 };
                yield return this with { Faults = [.. Faults.Take(i), shorter, .. Faults.Skip(i + 1)] };
            }
        }

        int last = Faults.Count == 0 ? 2000 : Faults[^1].AtMs + 1000;
        if (last < DurationMs)
        {
            yield return this with { DurationMs = last };
        }
    }

    public override string ToString() =>
        $"seed {Seed}, {NodeCount} nodes, {DurationMs} ms{Environment.NewLine}"
        + string.Join(Environment.NewLine, Faults.Select(fault => "  " + fault));
}
