namespace KRaftSharp.Tests.Property.Simulation.Checkers;

/// <summary>The metadata image that one node has just published.</summary>
/// <param name="Offset">The last record in it.</param>
/// <param name="Hash">Of all it says, so that two images can be compared.</param>
internal sealed record ImageView(
    int NodeId,
    int Life,
    long Offset,
    ulong Hash,
    IReadOnlyList<PartitionState> Partitions,
    IReadOnlyDictionary<int, BrokerState> Brokers);

/// <summary>A partition as the metadata has it.</summary>
/// <param name="Partition">Topic id and number.</param>
internal sealed record PartitionState(
    string Partition,
    int Leader,
    int LeaderEpoch,
    int PartitionEpoch,
    bool IsRecovering,
    IReadOnlyList<int> Replicas,
    IReadOnlyList<int> Isr)
{
    /// <summary>Who may lead though it is not in the ISR (KIP-966).</summary>
    public IReadOnlyList<int> Elr { get; init; } = [];

    public bool IsReassigning { get; init; }

    public override string ToString() =>
        $"{Partition}: leader {Leader} epoch {LeaderEpoch}, partition epoch {PartitionEpoch}, isr {Text(Isr)} of "
        + $"{Text(Replicas)}, elr {Text(Elr)}{(IsRecovering ? ", recovering" : "")}"
        + (IsReassigning ? ", reassigning" : "");

    private static string Text(IReadOnlyList<int> brokers) => $"[{string.Join(", ", brokers)}]";
}

/// <summary>A broker as the metadata has it.</summary>
internal sealed record BrokerState(int BrokerId, long Epoch, bool IsFenced, bool IsShuttingDown);
