namespace KRaftSharp.Quorum.Controller;

/// <summary>What the controller needs to know about a request beside its body.</summary>
/// <param name="Version">Of the request, and so of the response.</param>
/// <param name="ConnectionId">The connection it came by; heartbeats tie a broker to it.</param>
/// <param name="DeadlineMs">
/// On the monotonic clock; a request that is not looked at by then ends as timed out. Null for none.
/// </param>
public readonly record struct ControllerRequestContext(
    short Version,
    long ConnectionId,
    string? ClientId = null,
    string Principal = "User:ANONYMOUS",
    long? DeadlineMs = null);
