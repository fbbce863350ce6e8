using KRaftSharp.Broker.Coordination;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>One heartbeat on its way through the steps of <see cref="StreamsHeartbeats"/>.</summary>
/// <param name="before">The member before the heartbeat.</param>
/// <param name="member">The member with what the heartbeat tells, its tasks as before.</param>
/// <param name="replaced">The static member whose place it takes; null for none.</param>
internal sealed class Beat(
    StreamsGroup group, StreamsGroupHeartbeatRequest request, StreamsMember before, StreamsMember member,
    StreamsMember? replaced)
{
    public StreamsGroup Group => group;

    public StreamsGroupHeartbeatRequest Request => request;

    public bool IsJoining => request.MemberEpoch == 0;

    public StreamsMember Before => before;

    public StreamsMember Member => member;

    public StreamsMember? Replaced => replaced;

    public ConfiguredTopology? Topology { get; set; }

    public int ValidatedTopologyEpoch { get; set; } = -1;

    public long Hash { get; set; }

    /// <summary>Whether something has changed that an assignment depends on.</summary>
    public bool IsNewEpoch { get; set; }

    /// <summary>Whether the answer has the member's tasks.</summary>
    public bool TellsTasks { get; set; }

    public List<CoordinatorRecord> Records { get; } = [];

    public List<StreamsGroupHeartbeatResponse.StatusValue> Statuses { get; } = [];

    public void Tell(StreamsStatus status, string detail) => Statuses.Add(
        new StreamsGroupHeartbeatResponse.StatusValue { StatusCode = (sbyte)status, StatusDetail = detail });
}
