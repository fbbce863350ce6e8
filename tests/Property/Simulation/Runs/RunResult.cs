using KRaftSharp.Tests.Property.Simulation.Faults;

namespace KRaftSharp.Tests.Property.Simulation.Runs;

/// <summary>What came of one run.</summary>
/// <param name="TraceHash">Over everything that happened; the same for every run of the same scenario.</param>
/// <param name="AcknowledgedCount">Operations that were acknowledged to a client: a run without proves nothing.</param>
internal sealed record RunResult(
    Scenario Scenario,
    IReadOnlyList<string> Violations,
    ulong TraceHash,
    long EventCount,
    long VirtualMs,
    int AcknowledgedCount,
    IReadOnlyDictionary<FaultKind, int> Struck,
    string Timeline)
{
    /// <summary>How often a process was killed at each step of a commit.</summary>
    public IReadOnlyDictionary<CommitStep, int> CrashedAt { get; init; } = new Dictionary<CommitStep, int>();

    public bool HasFailed => Violations.Count > 0;
}
