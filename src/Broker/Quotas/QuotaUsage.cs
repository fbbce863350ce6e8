using KRaftSharp.Quorum.Quotas;

namespace KRaftSharp.Broker.Quotas;

/// <summary>What those that share a quota use of it.</summary>
/// <param name="Rate">A second.</param>
/// <param name="ThrottleMs">How long the last request made its client wait.</param>
internal readonly record struct QuotaUsage(QuotaBucket Bucket, double Rate, int ThrottleMs);
