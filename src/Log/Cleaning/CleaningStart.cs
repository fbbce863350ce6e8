namespace KRaftSharp.Log.Cleaning;

/// <summary>What was known of a log when the flush before a cleaning began: durable once that has ended.</summary>
/// <param name="Truncations">As <see cref="PartitionLog.Truncations"/> was.</param>
internal sealed record CleaningStart(int Truncations, IReadOnlyDictionary<long, LastRecord> Producers)
{
    /// <summary>There is no log any more.</summary>
    public static CleaningStart None { get; } = new(-1, new Dictionary<long, LastRecord>());
}
