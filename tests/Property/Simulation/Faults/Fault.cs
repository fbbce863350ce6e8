namespace KRaftSharp.Tests.Property.Simulation.Faults;

/// <summary>
/// One thing that goes wrong at <paramref name="AtMs"/> and is over <paramref name="DurationMs"/> later.
/// </summary>
/// <param name="Step">Of <see cref="FaultKind.KillAtCommitStep"/>; says for itself whom it hits.</param>
internal sealed record Fault(int AtMs, FaultKind Kind, Target Target, int DurationMs, CommitStep? Step = null)
{
    public override string ToString() =>
        $"{AtMs} ms: {Kind} {(Step is { } step ? step.ToString() : Target.ToString())} for {DurationMs} ms";
}
