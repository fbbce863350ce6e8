using System.Diagnostics;
using System.Globalization;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Tests.Property.Simulation.Cluster;
using KRaftSharp.Tests.Property.Simulation.Consumers;
using KRaftSharp.Tests.Property.Simulation.Coordinators;
using KRaftSharp.Tests.Property.Simulation.Quorum;

namespace KRaftSharp.Tests.Property.Simulation.Runs;

/// <summary>What scripts/simulate.sh runs: one seed after the other until the time is over.</summary>
internal sealed class SimulateCommand(TextWriter output)
{
    private double _seconds = double.PositiveInfinity;
    private long _runs = long.MaxValue;
    private ulong? _seed;
    private string? _only;
    private bool _hashes;
    private bool _first;
    private PlantedFaults _planted;
    private int _shrinkingRuns = FailureReport.ShrinkingRuns;
    private int _lines = FailureReport.TimelineLines;

    private ISimulation[] All =>
    [
        new QuorumSimulation { Planted = _planted },
        new ClusterSimulation { Planted = _planted },
        new ClusterSimulation { Planted = _planted, Reassigns = true },
        new CoordinatorSimulation { Planted = _planted },
        new ConsumerSimulation(),
    ];

    /// <summary>0 when nothing was violated, 1 when something was, 2 for wrong arguments.</summary>
    public int Run(string[] arguments)
    {
        if (!TryParse(arguments) || (double.IsPositiveInfinity(_seconds) && _runs == long.MaxValue))
        {
            output.WriteLine("usage: simulate.sh --seconds N [--seed S] [--runs N] "
                + $"[--only {string.Join('|', All.Select(simulation => simulation.Name))}] [--hashes] [--first] "
                + "[--shrink TRIES] [--lines OF THE TIMELINE] [--planted FAULT]");
            return 2;
        }

        ISimulation[] simulations = [.. All.Where(simulation => _only is null || simulation.Name == _only)];
        var totals = simulations.Select(simulation => new RunTotals(simulation.Name)).ToArray();
        var spent = new TimeSpan[simulations.Length];
        ulong seed = _seed ?? (ulong)Stopwatch.GetTimestamp();
        output.WriteLine($"first seed {seed}");
        var clock = Stopwatch.StartNew();
        for (long run = 0; run < _runs && clock.Elapsed.TotalSeconds < _seconds && !IsEnough(totals); run++, seed++)
        {
            for (int i = 0; i < simulations.Length && !IsEnough(totals); i++)
            {
                TimeSpan before = clock.Elapsed;
                RunOne(simulations[i], totals[i], seed);
                spent[i] += clock.Elapsed - before;
            }
        }

        for (int i = 0; i < simulations.Length; i++)
        {
            output.WriteLine(totals[i].Text(spent[i].TotalSeconds));
        }

        return Array.Exists(totals, total => total.Violations > 0) ? 1 : 0;
    }

    private bool IsEnough(RunTotals[] totals) => _first && Array.Exists(totals, total => total.Violations > 0);

    private void RunOne(ISimulation simulation, RunTotals totals, ulong seed)
    {
        RunResult result = simulation.Run(simulation.Draw(seed), isVerbose: false);
        totals.Add(result);
        if (_hashes)
        {
            output.WriteLine($"{simulation.Name} {seed} {result.TraceHash:x16}");
        }

        if (result.HasFailed && _first)
        {
            output.WriteLine($"violated: {simulation.Name} {seed} {totals.Seeds}: {result.Violations[0]}");
        }
        else if (result.HasFailed)
        {
            output.WriteLine($"{simulation.Name} seed {seed} fails");
            output.WriteLine(FailureReport.Of(simulation, result, _shrinkingRuns, _lines));
        }
    }

    private bool TryParse(string[] arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            string value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out _seconds):
                case "--runs" when long.TryParse(value, CultureInfo.InvariantCulture, out _runs):
                    i++;
                    break;
                case "--seed" when ulong.TryParse(value, CultureInfo.InvariantCulture, out ulong seed):
                    _seed = seed;
                    i++;
                    break;
                case "--only" when Array.Exists(All, simulation => simulation.Name == value):
                    _only = value;
                    i++;
                    break;
                case "--shrink" when int.TryParse(value, CultureInfo.InvariantCulture, out _shrinkingRuns):
                case "--planted" when Enum.TryParse(value, out _planted):
                case "--lines" when int.TryParse(value, CultureInfo.InvariantCulture, out _lines):
                    i++;
                    break;
                case "--hashes":
                    _hashes = true;
                    break;
                case "--first":
                    _first = true;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
