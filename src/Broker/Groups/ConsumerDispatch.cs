using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Classic;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups;

/// <summary>Heartbeats of the consumer protocol: the group that they are about, which may be new or a classic one that
/// becomes one of theirs.</summary>
internal sealed class ConsumerDispatch(GroupServices services, ConsumerHeartbeats heartbeats, ConsumerTimers timers)
{
    /// <param name="request">Well-formed as such.</param>
    public Decision Heartbeat(
        Group? found, ConsumerGroupHeartbeatRequest request, GroupClient client,
        Reply<ConsumerGroupHeartbeatResponse> reply)
    {
        if (request.MemberId.Length == 0)
        {
            request.MemberId = services.Chance.NextUuid().ToString();
        }

        bool joins = request.MemberEpoch == 0;
        return found switch
        {
            ConsumerGroup group when request.MemberEpoch < 0 => heartbeats.Leave(group, request, reply),
            ConsumerGroup group => heartbeats.Heartbeat(new ConsumerDraft(group), request, client, reply),
            null when joins => heartbeats.Heartbeat(
                new ConsumerDraft(new ConsumerGroup(request.GroupId), isNew: true), request, client, reply),
            ClassicGroup { IsEmpty: true } empty when joins => heartbeats.Heartbeat(
                new ConsumerDraft(new ConsumerGroup(request.GroupId), isNew: true, empty.Tombstones()), request, client,
                reply),
            ClassicGroup classic when joins => Upgrade(classic, request, client, reply),
            _ => Refuse(reply, found is null
                ? $"Consumer group {request.GroupId} not found."
                : $"Group {request.GroupId} is not a consumer group."),
        };
    }

    /// <summary>A classic group with members becomes one of the consumer protocol with the first member that speaks it.
    /// </summary>
    private Decision Upgrade(
        ClassicGroup classic, ConsumerGroupHeartbeatRequest request, GroupClient client,
        Reply<ConsumerGroupHeartbeatResponse> reply)
    {
        if (GroupConversion.WhyNoUpgrade(classic, services.Settings) is { } reason)
        {
            return Refuse(reply, reason);
        }

        if (GroupConversion.Upgrade(
            classic, services.Image(), services.Hashes, out IReadOnlyList<CoordinatorRecord> records,
            out string? problem)
            is not { } upgraded)
        {
            return Refuse(reply, problem!);
        }

        Decision decision = heartbeats.Heartbeat(
            new ConsumerDraft(upgraded, before: records), request, client, reply);
        return decision.HasWrites
            ? decision with { Appended = () => Follow(classic, upgraded, decision.Appended) }
            : decision;
    }

    /// <summary>The classic members' sessions go on; what they wait for is answered: they are to join again.</summary>
    private void Follow(ClassicGroup classic, ConsumerGroup upgraded, Action? next)
    {
        foreach (ClassicMember member in classic.Members)
        {
            ClassicRebalances.AnswerJoin(
                member, ClassicAnswers.JoinError(ErrorCode.RebalanceInProgress, member.Id));
            ClassicRebalances.AnswerSync(member, ClassicAnswers.SyncError(ErrorCode.RebalanceInProgress));
        }

        foreach (ConsumerMember member in upgraded.Members.Values)
        {
            timers.Heard(upgraded.Id, member);
        }

        next?.Invoke();
    }

    private static Decision Refuse(Reply<ConsumerGroupHeartbeatResponse> reply, string message) =>
        reply.Now(new ConsumerGroupHeartbeatResponse
        {
            ErrorCode = ErrorCode.GroupIdNotFound,
            ErrorMessage = message,
        });
}
