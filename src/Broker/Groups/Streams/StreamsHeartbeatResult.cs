using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>The answer to a heartbeat, and the internal topics that whoever gives it should create first.</summary>
internal sealed record StreamsHeartbeatResult(
    StreamsGroupHeartbeatResponse Response, IReadOnlyList<CreateTopicsRequest.CreatableTopic> MissingTopics)
{
    public static StreamsHeartbeatResult Failed(Protocol.ErrorCode error, string? message) =>
        new(new StreamsGroupHeartbeatResponse { ErrorCode = error, ErrorMessage = message }, []);
}
