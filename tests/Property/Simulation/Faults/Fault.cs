namespace KRaftSharp.Tests.Property.Simulation.Faults;

/// <summary>
/// One thing that goes wrong at <paramref name="AtMs"/> and is over <paramref name="DurationMs"/> later.
/// </summary>
internal sealed record Fault(int AtMs, FaultKind Kind, Target Target, int DurationMs)
{
    public override string ToString() => $"{AtMs} ms: {Kind} {Target} for {DurationMs} ms";
}
