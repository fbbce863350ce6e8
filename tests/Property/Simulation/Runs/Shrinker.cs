using KRaftSharp.Tests.Property.Simulation.Faults;

namespace KRaftSharp.Tests.Property.Simulation.Runs;

/// <summary>Finds a shorter scenario that fails as well.</summary>
internal static class Shrinker
{
    /// <param name="runs">At most so many tries.</param>
    public static RunResult Shrink(ISimulation simulation, RunResult failed, int runs)
    {
        RunResult shortest = failed;
        bool isShorter = true;
        while (isShorter)
        {
            isShorter = false;
            foreach (Scenario simpler in shortest.Scenario.Simpler())
            {
                if (runs-- <= 0)
                {
                    return shortest;
                }

                RunResult result = simulation.Run(simpler, isVerbose: false);
                if (result.HasFailed)
                {
                    shortest = result;
                    isShorter = true;
                    break;
                }
            }
        }

        return shortest;
    }
}
