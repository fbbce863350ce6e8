using KRaftSharp.Client.Consumer.Assignors;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>The requests of a member of a classic group.</summary>
internal static class ClassicRequests
{
    // The coordinator answers a join within the rebalance timeout; this much later nobody will.
    private static readonly TimeSpan JoinGrace = TimeSpan.FromSeconds(5);

    // The versions with static members; before them a client of another protocol would be needed.
    private static readonly VersionRange JoinVersions = new(5, short.MaxValue);
    private static readonly VersionRange OtherVersions = new(3, short.MaxValue);

    public static GroupAction.Send Join(
        MembershipSettings settings, string memberId,
        IEnumerable<(IPartitionAssignor Assignor, byte[] Metadata)> protocols, string reason)
    {
        JoinGroupRequest request = new()
        {
            GroupId = settings.GroupId,
            SessionTimeoutMs = (int)settings.Options.SessionTimeout.TotalMilliseconds,
            RebalanceTimeoutMs = settings.MaxPollMs,
            MemberId = memberId,
            GroupInstanceId = settings.InstanceId,
            ProtocolType = GroupCodec.ProtocolType,
            Reason = reason,
        };
        request.Protocols.AddRange(protocols.Select(protocol => new JoinGroupRequest.JoinGroupRequestProtocol
        {
            Name = protocol.Assignor.Name,
            Metadata = protocol.Metadata,
        }));
        TimeSpan answeredWithin = settings.Options.MaxPollInterval + JoinGrace;
        TimeSpan timeout = settings.Options.RequestTimeout;
        return new GroupAction.Send(request, JoinVersions, answeredWithin > timeout ? answeredWithin : timeout);
    }

    public static GroupAction.Send Sync(
        MembershipSettings settings, string memberId, int generation, string? protocol,
        IReadOnlyDictionary<string, List<TopicPartition>> assignments)
    {
        SyncGroupRequest request = new()
        {
            GroupId = settings.GroupId,
            GenerationId = generation,
            MemberId = memberId,
            GroupInstanceId = settings.InstanceId,
            ProtocolType = GroupCodec.ProtocolType,
            ProtocolName = protocol,
        };
        request.Assignments.AddRange(assignments.Select(entry => new SyncGroupRequest.SyncGroupRequestAssignment
        {
            MemberId = entry.Key,
            Assignment = GroupCodec.EncodeAssignment(entry.Value),
        }));
        return new GroupAction.Send(request, OtherVersions, settings.Options.RequestTimeout);
    }

    public static GroupAction.Send Heartbeat(MembershipSettings settings, string memberId, int generation) => new(
        new HeartbeatRequest
        {
            GroupId = settings.GroupId,
            GenerationId = generation,
            MemberId = memberId,
            GroupInstanceId = settings.InstanceId,
        },
        OtherVersions, settings.Options.RequestTimeout);

    public static GroupAction.Send Leave(MembershipSettings settings, string memberId, string reason)
    {
        LeaveGroupRequest request = new() { GroupId = settings.GroupId };
        request.Members.Add(new LeaveGroupRequest.MemberIdentity
        {
            MemberId = memberId,
            GroupInstanceId = settings.InstanceId,
            Reason = reason,
        });
        return new GroupAction.Send(request, OtherVersions, settings.Options.RequestTimeout);
    }
}
