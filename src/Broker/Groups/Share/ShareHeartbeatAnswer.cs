using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>The answer to a heartbeat, and what the share coordinator is to be asked for because of it.</summary>
internal sealed record ShareHeartbeatAnswer(ShareGroupHeartbeatResponse Response)
{
    public IReadOnlyList<StateBeginning> Missing { get; init; } = [];

    /// <summary>The same by topic.</summary>
    public IReadOnlyDictionary<Uuid, StateTopic> MissingTopics { get; init; } =
        new Dictionary<Uuid, StateTopic>();
}
