namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>What a task assignor starts from.</summary>
/// <param name="Members">In the order in which they are served.</param>
/// <param name="StandbyReplicas">Copies of each stateful task beside the active one.</param>
internal sealed record TaskAssignmentInput(
    IReadOnlyList<TaskAssignmentInput.Member> Members, IReadOnlyList<ConfiguredSubtopology> Subtopologies,
    int StandbyReplicas)
{
    /// <param name="Held">What it has now.</param>
    /// <param name="Offsets">How far the state is that it has on disk, by task, as it says.</param>
    internal sealed record Member(
        string Id, string ProcessId, HeldTasks Held, IReadOnlyDictionary<TaskId, long> Offsets);
}
