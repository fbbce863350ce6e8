namespace KRaftSharp.Log.Cleaning;

/// <summary>What holds for all segments of one cleaning of a log.</summary>
/// <param name="Map">The last offsets of the keys of the dirty part.</param>
/// <param name="EndOffset">The first offset that is not in the map.</param>
/// <param name="Producers">The producers of the log, and their batches that must stay.</param>
/// <param name="DeleteRetentionMs">delete.retention.ms.</param>
internal sealed record CleaningRound(
    KeyOffsetMap Map,
    CleanedTransactions Transactions,
    long EndOffset,
    IReadOnlyDictionary<long, LastRecord> Producers,
    long NowMs,
    long DeleteRetentionMs);
