using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Coordination;

/// <summary>Which broker coordinates a key, or why nobody knows.</summary>
/// <param name="Key">Group or transactional id.</param>
/// <param name="Address">Null with an error.</param>
/// <param name="Error">None with an address.</param>
/// <param name="Message">What the broker says about the error.</param>
internal readonly record struct CoordinatorPlace(string Key, BrokerAddress? Address, ErrorCode Error, string? Message);
