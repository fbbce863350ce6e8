namespace KRaftSharp.Client.Admin;

/// <summary>One condition on the entities of quotas.</summary>
/// <param name="EntityType">Such as <see cref="QuotaEntity.User"/>.</param>
/// <param name="Match">What the name must be.</param>
/// <param name="Name">With <see cref="QuotaMatch.Exact"/>.</param>
public sealed record QuotaFilter(string EntityType, QuotaMatch Match, string? Name = null);
