using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Admin;

/// <summary>The versions of one request that a broker speaks, both ends included.</summary>
public readonly record struct ApiRange(ApiKey Key, short Lowest, short Highest);
