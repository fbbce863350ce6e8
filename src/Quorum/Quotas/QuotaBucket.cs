namespace KRaftSharp.Quorum.Quotas;

/// <summary>Who shares one quota: a user with one client id, a user with all, or a client id of all users.</summary>
/// <param name="User">Empty where users are not told apart.</param>
/// <param name="ClientId">Empty where client ids are not told apart.</param>
public readonly record struct QuotaBucket(string User, string ClientId);
