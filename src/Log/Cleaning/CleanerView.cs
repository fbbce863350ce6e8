namespace KRaftSharp.Log.Cleaning;

/// <summary>What metrics show of the cleaner, at a moment.</summary>
/// <param name="Uncleanable">Logs that are left alone for their bad records, with their directories.</param>
/// <param name="UncleanableBytes">What of them waits in vain.</param>
/// <param name="MaxDirtyRatio">Of all logs, 0 to 1, when one was last chosen.</param>
/// <param name="SinceLastRunMs">Since a log was last looked for.</param>
/// <param name="Last">The last cleaning that went through; null when there was none.</param>
public sealed record CleanerView(
    IReadOnlyList<(string Directory, TopicPartition Partition)> Uncleanable,
    long UncleanableBytes,
    double MaxDirtyRatio,
    long SinceLastRunMs,
    CleaningStats? Last);
