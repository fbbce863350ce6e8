using System.Globalization;
using System.Text;

namespace KRaftSharp.Tests.Property.Simulation.Runs;

/// <summary>
/// What to print when a run fails: the seed that replays it, and the shortest schedule that fails as well.
/// </summary>
internal static class FailureReport
{
    public const int ShrinkingRuns = 150;
    public const int TimelineLines = 300;

    public static string Of(
        ISimulation simulation, RunResult failed, int shrinkingRuns = ShrinkingRuns, int lines = TimelineLines)
    {
        RunResult shortest = Shrinker.Shrink(simulation, failed, shrinkingRuns);
        RunResult verbose = simulation.Run(shortest.Scenario, isVerbose: true);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{simulation.Name}: {failed.Violations[0]}");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"replay: scripts/simulate.sh --only {simulation.Name} --seed {failed.Scenario.Seed} --runs 1");
        text.AppendLine(CultureInfo.InvariantCulture, $"drawn: {failed.Scenario}");
        text.AppendLine(CultureInfo.InvariantCulture, $"shortest: {shortest.Scenario}");
        text.AppendLine(CultureInfo.InvariantCulture, $"its violation: {shortest.Violations[0]}");
        text.AppendLine(verbose.Timeline.Length == 0 ? "no timeline" : LastLines(verbose.Timeline, lines));
        return text.ToString();
    }

    private static string LastLines(string timeline, int count)
    {
        string[] lines = timeline.Split(Environment.NewLine);
        return string.Join(Environment.NewLine, lines.Skip(Math.Max(0, lines.Length - count)));
    }
}
