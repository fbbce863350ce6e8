using FsCheck;
using FsCheck.Fluent;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.Runs;

namespace KRaftSharp.Tests.Property.Simulation.Tests;

internal static class SimulationAssert
{
    /// <summary>
    /// Runs the seeds from the first on; the first that fails is reported with its shortest schedule.
    /// </summary>
    public static void Seeds(ISimulation simulation, ulong first, int count, int leastAcknowledged = 100)
    {
        long acknowledged = 0;
        for (ulong seed = first; seed < first + (ulong)count; seed++)
        {
            RunResult result = simulation.Run(simulation.Draw(seed), isVerbose: false);
            acknowledged += result.AcknowledgedCount;
            Assert.False(result.HasFailed, result.HasFailed ? FailureReport.Of(simulation, result) : null);
        }

        // Runs in which nothing was ever acknowledged would prove nothing.
        Assert.True(
            acknowledged > (long)count * leastAcknowledged, $"only {acknowledged} operations were acknowledged");
    }

    /// <summary>Lets FsCheck make schedules and shrink the first that fails.</summary>
    /// <param name="drawFault"><see cref="Scenario.DrawFault"/> when null.</param>
    public static void Generated(
        ISimulation simulation, int count, Func<Prng, int, int, Fault>? drawFault = null)
    {
        RunResult? failed = null;
        FsCheck.Property property = Prop.ForAll(Scenarios.Arbitrary(drawFault ?? Scenario.DrawFault), scenario =>
        {
            RunResult result = simulation.Run(scenario, isVerbose: false);
            failed = result.HasFailed ? result : failed;
            return !result.HasFailed;
        });
        try
        {
            // Always the same schedules, so that a run of the tests says something about a change; new ones are drawn
            // by scripts/simulate.sh.
            property.Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(
                new Replay(new Rnd(0x4B52616674UL, 0x53686172UL | 1), null)));
        }
        catch (Exception error) when (failed is { } shortest)
        {
            Assert.Fail(FailureReport.Of(simulation, shortest, shrinkingRuns: 0) + error.Message);
        }
    }

    public static void Passes(ISimulation simulation, Scenario scenario)
    {
        RunResult result = simulation.Run(scenario, isVerbose: false);
        Assert.False(result.HasFailed, result.HasFailed ? FailureReport.Of(simulation, result) : null);
    }

    public static void Repeats(ISimulation simulation, ulong seed)
    {
        RunResult first = simulation.Run(simulation.Draw(seed), isVerbose: false);
        RunResult second = simulation.Run(simulation.Draw(seed), isVerbose: true);

        Assert.Equal((first.TraceHash, first.EventCount), (second.TraceHash, second.EventCount));
        RunResult other = simulation.Run(simulation.Draw(seed + 1), isVerbose: false);
        Assert.NotEqual(first.TraceHash, other.TraceHash);
    }
}
