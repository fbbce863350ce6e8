namespace KRaftSharp.Broker.Sharing;

/// <summary>What a share fetch wants.</summary>
/// <param name="MaxRecords">In all partitions together.</param>
/// <param name="IsStrict">Whether that is a limit (KIP-1206), and not only where to stop.</param>
internal sealed record ShareFetchAsk(
    string MemberId, int MaxWaitMs, int MinBytes, int MaxBytes, int MaxRecords, int BatchSize, bool IsStrict);
