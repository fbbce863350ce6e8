namespace KRaftSharp.Chaos.Report;

/// <summary>How the cluster looked at one moment.</summary>
/// <param name="Controller">The node that leads the quorum; null while there is none.</param>
/// <param name="UnderReplicated">-1 when nobody could be asked.</param>
/// <param name="Isr">Sizes of the ISRs of the topic under load, all partitions together; -1 unknown.</param>
/// <param name="P50">Milliseconds of the sends that were acknowledged since the last sample; null without any.</param>
/// <param name="P99">The same.</param>
internal sealed record Sample(
    long AtMs, int? Controller, int Epoch, int UnderReplicated, int Isr, long Acknowledged, long Read, double? P50,
    double? P99)
{
    /// <summary>Partitions that each node leads.</summary>
    public required IReadOnlyDictionary<int, int> Leads { get; init; }
}
