using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>Why a heartbeat is refused.</summary>
internal sealed record HeartbeatRefusal(ErrorCode Error, string? Message);
