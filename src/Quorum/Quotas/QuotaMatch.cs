namespace KRaftSharp.Quorum.Quotas;

/// <summary>The quota of a client, and whom it shares it with.</summary>
public readonly record struct QuotaMatch(double Bound, QuotaBucket Bucket);
