using KRaftSharp.Protocol;

namespace KRaftSharp.Testing.Faults;

/// <summary>What happens to the next requests of one kind.</summary>
/// <param name="NodeId">Those to this node; null: to any.</param>
/// <param name="Error">Refuses them.</param>
/// <param name="Delay">Holds them for so long before anything else.</param>
/// <param name="Drop">Closes their connection.</param>
/// <param name="IsCarriedOut">Before the connection is closed.</param>
internal sealed record FaultRule(
    ApiKey Api, int? NodeId, ErrorCode? Error = null, TimeSpan Delay = default, bool Drop = false,
    bool IsCarriedOut = false);
