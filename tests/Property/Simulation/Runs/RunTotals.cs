using System.Globalization;
using System.Text;
using KRaftSharp.Tests.Property.Simulation.Faults;

namespace KRaftSharp.Tests.Property.Simulation.Runs;

/// <summary>Sums over the runs of one simulation.</summary>
internal sealed class RunTotals(string name)
{
    private readonly SortedDictionary<FaultKind, int> _faults = [];
    private long _virtualMs;
    private long _events;
    private long _acknowledged;

    public int Seeds { get; private set; }

    public int Violations { get; private set; }

    public void Add(RunResult result)
    {
        Seeds++;
        Violations += result.HasFailed ? 1 : 0;
        _virtualMs += result.VirtualMs;
        _events += result.EventCount;
        _acknowledged += result.AcknowledgedCount;
        foreach ((FaultKind kind, int count) in result.Struck)
        {
            _faults[kind] = _faults.GetValueOrDefault(kind) + count;
        }
    }

    public string Text(double realSeconds)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{name}: {Seeds} seeds, {_virtualMs / 1000.0:F0} s of virtual time in {realSeconds:F1} s, "
            + $"{_events} events, {_acknowledged} acknowledged, {Violations} violations");
        text.Append("  faults: ").AppendJoin(", ", _faults.Select(fault => $"{fault.Key} {fault.Value}"));
        return text.ToString();
    }
}
