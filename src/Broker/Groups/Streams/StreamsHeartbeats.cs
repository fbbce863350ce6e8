using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>
/// StreamsGroupHeartbeat: joins, stays and leaves of the streams protocol, and the steps of its members to their
/// targets (KIP-1071).
/// </summary>
internal sealed class StreamsHeartbeats(GroupServices services, ShardTimers timers, Func<string, StreamsGroup?> find)
{
    /// <summary>On which connection each member was told its tasks. What was told on another one, or by another
    /// coordinator, may have been lost with it, and is told again: Kafka does not, and the tasks would wait.</summary>
    private readonly Dictionary<(string Group, string Member), long> _told = [];

    /// <param name="group">New, and not yet among the shard's, for the first member.</param>
    public Decision Heartbeat(
        StreamsGroup group, StreamsGroupHeartbeatRequest request, GroupClient client,
        Reply<StreamsHeartbeatResult> reply)
    {
        if (Begin(group, request, client, out Beat? beat) is { } unknown)
        {
            return Refuse(reply, unknown);
        }

        if (LookAtTopology(beat!) is { } unfit)
        {
            return Refuse(reply, unfit);
        }

        StreamsSettings settings = new(services.Configs, group.Id);
        ImmutableSortedDictionary<string, string> configs = settings.ForAssignment();
        beat!.IsNewEpoch |= !configs.SequenceEqual(group.AssignmentConfigs);
        int epoch = group.Epoch;
        if (beat.IsNewEpoch)
        {
            epoch++;
            beat.Records.Add(StreamsRecords.Epoch(group, epoch, beat.Hash, beat.ValidatedTopologyEpoch, configs));
        }

        DelayFirstAssignment(group, settings);
        (int targetEpoch, TaskAssignment target) = Target(beat, epoch, settings, configs);
        StreamsMember? next = TaskReconciliation.Next(
            beat.Member, StreamsMembers.Owned(request), target, targetEpoch, group.Holders);
        if (next is null)
        {
            return Refuse(reply, new HeartbeatRefusal(
                ErrorCode.FencedMemberEpoch,
                "The streams group member is in a unknown state. The member must abandon all its tasks and rejoin."));
        }

        if (!next.HasSameAssignment(beat.Member))
        {
            beat.Records.Add(StreamsRecords.Current(group.Id, next));
            ExpectRevocation(group.Id, next);
        }

        ExpectHeartbeat(group.Id, next.Id, settings);
        if (request.ShutdownApplication)
        {
            group.Soft.RequestShutdown(request.MemberId);
        }

        beat.TellsTasks = beat.IsJoining || !beat.Before.Assigned.Equals(next.Assigned)
            || _told.GetValueOrDefault((group.Id, next.Id), -1) != client.Connection;
        StreamsAnswers answers = new(group, isKnown: find(group.Id) == group, settings, services.Image().Topics);
        Decision answered = reply.After(beat.Records, new StreamsHeartbeatResult(
            answers.Of(beat, next, client.Version), beat.Topology!.MissingTopics));
        return beat.TellsTasks ? Telling(answered, group.Id, next.Id, client.Connection) : answered;
    }

    public Decision Leave(
        StreamsGroup group, StreamsGroupHeartbeatRequest request, Reply<StreamsHeartbeatResult> reply)
    {
        if (request.ShutdownApplication)
        {
            group.Soft.RequestShutdown(request.MemberId);
        }

        if (StreamsMembers.FindKnown(group, request, out StreamsMember? member) is { } refusal)
        {
            return Refuse(reply, refusal);
        }

        StreamsHeartbeatResult result = new(
            new StreamsGroupHeartbeatResponse { MemberId = request.MemberId, MemberEpoch = request.MemberEpoch }, []);
        if (request.MemberEpoch != StreamsMember.LeftEpoch)
        {
            return reply.After(Remove(group, member!), result);
        }

        StreamsMember away = member! with
        {
            Epoch = StreamsMember.LeftEpoch,
            PendingRevocation = HeldTasks.Empty,
            Assigned = member.Assigned.WithoutEpochs(),
        };
        return reply.After([StreamsRecords.Current(group.Id, away)], result);
    }

    /// <summary>Everybody of a loaded group has a session timeout to be heard of.</summary>
    public void Resume(StreamsGroup group)
    {
        StreamsSettings settings = new(services.Configs, group.Id);
        foreach (StreamsMember member in group.Members.Values)
        {
            ExpectHeartbeat(group.Id, member.Id, settings);
            if (member.State == StreamsMemberState.UnrevokedTasks)
            {
                ExpectRevocation(group.Id, member);
            }
        }
    }

    /// <summary>An answer that is not given, for its records were not replicated in time, has told nothing.</summary>
    private Decision Telling(Decision answered, string groupId, string memberId, long connection)
    {
        _told.Remove((groupId, memberId));
        return answered with
        {
            Committed = () =>
            {
                if (find(groupId)?.Members.ContainsKey(memberId) == true)
                {
                    _told[(groupId, memberId)] = connection;
                }

                answered.Committed!();
            },
        };
    }

    private static Decision Refuse(Reply<StreamsHeartbeatResult> reply, HeartbeatRefusal refusal) =>
        reply.Now(StreamsHeartbeatResult.Failed(refusal.Error, refusal.Message));

    private HeartbeatRefusal? Begin(
        StreamsGroup group, StreamsGroupHeartbeatRequest request, GroupClient client, out Beat? beat)
    {
        beat = null;
        StreamsMember? before;
        StreamsMember? replaced = null;
        HeartbeatRefusal? refusal = request.MemberEpoch == 0
            ? StreamsMembers.FindJoining(
                group, request, services.Settings.StreamsMaxSize, out before, out replaced)
            : StreamsMembers.FindKnown(group, request, out before) ?? StreamsMembers.CheckEpoch(before!, request);
        if (refusal is not null)
        {
            return refusal;
        }

        beat = new Beat(group, request, before!, StreamsMembers.Update(before!, request, client), replaced);
        if (replaced is not null)
        {
            beat.Records.AddRange(StreamsMembers.Replacement(group, replaced, before!));
            Forget(group.Id, replaced.Id);
        }

        bool isNew = replaced is null && !group.Members.ContainsKey(before!.Id);
        if (isNew || !beat.Member.HasSameMetadata(before!))
        {
            beat.Records.Add(StreamsRecords.Member(group.Id, beat.Member));
            beat.IsNewEpoch = request.InstanceId is null || !beat.Member.MovesNothing(before!);
        }

        return null;
    }

    /// <summary>The topology of the group, or the first one of it, with the topics as they are.</summary>
    private HeartbeatRefusal? LookAtTopology(Beat beat)
    {
        (StreamsGroup group, StreamsGroupHeartbeatRequest request) = (beat.Group, beat.Request);
        StreamsTopology? topology = group.Topology;
        if (request.Topology is { } told)
        {
            if (StreamsTopology.From(told) is not { } sound)
            {
                return StreamsHeartbeatChecks.Unexpected;
            }

            if (topology is null)
            {
                topology = sound;
                beat.Records.Add(StreamsRecords.Topology(group.Id, sound));
            }
            else if (topology.Epoch <= told.Epoch && !topology.IsSame(sound))
            {
                return StreamsHeartbeatChecks.Invalid("Topology updates are not supported yet.");
            }
        }

        if (topology is null)
        {
            return StreamsHeartbeatChecks.Unexpected;
        }

        if (group.Topology is not null && beat.Member.TopologyEpoch < topology.Epoch)
        {
            beat.Tell(
                StreamsStatus.StaleTopology,
                $"The member's topology epoch {beat.Member.TopologyEpoch} is behind the group's topology epoch "
                + $"{topology.Epoch}.");
        }

        if (Configure(beat, topology) is { } refusal)
        {
            return refusal;
        }

        return TakeOffsets(beat);
    }

    private HeartbeatRefusal? Configure(Beat beat, StreamsTopology topology)
    {
        StreamsGroup group = beat.Group;
        MetadataImage image = services.Image();
        StreamsSoftState soft = group.Soft;
        beat.Hash = group.MetadataHash;
        beat.Topology = soft.Topology;
        if (beat.Topology is null || !ReferenceEquals(soft.CheckedTopics, image.Topics)
            || soft.CheckedHash != group.MetadataHash)
        {
            beat.Hash = services.Hashes.Of(topology.RequiredTopics, image);
            beat.IsNewEpoch |= beat.Hash != group.MetadataHash;
            if (beat.Topology is null || beat.Hash != group.MetadataHash)
            {
                (beat.Topology, HeartbeatRefusal? refusal) = TopologyConfiguration.Configure(topology, image.Topics);
                if (refusal is not null)
                {
                    return refusal;
                }
            }

            (soft.Topology, soft.CheckedTopics, soft.CheckedHash) = (beat.Topology, image.Topics, beat.Hash);
        }

        beat.ValidatedTopologyEpoch = beat.Topology!.IsReady ? topology.Epoch : -1;
        beat.IsNewEpoch |= beat.ValidatedTopologyEpoch != group.ValidatedTopologyEpoch;
        return beat.Topology.IsReady ? StreamsHeartbeatChecks.CheckOwned(beat.Request, beat.Topology) : null;
    }

    private static HeartbeatRefusal? TakeOffsets(Beat beat)
    {
        if (beat.Request is { TaskOffsets: null, TaskEndOffsets: null })
        {
            return null;
        }

        StreamsSoftState soft = beat.Group.Soft;
        if (soft.OffsetsOf(beat.Member.Id).With(beat.Request, out TaskId twice) is not { } offsets)
        {
            return StreamsHeartbeatChecks.Invalid(
                $"Task offsets contain a duplicate entry for subtopology {twice.Subtopology} and partition "
                + $"{twice.Partition}.");
        }

        soft.SetOffsets(beat.Member.Id, offsets);
        return null;
    }

    /// <summary>The first members of a group are waited for, so that its tasks are not moved with each of them.
    /// </summary>
    private void DelayFirstAssignment(StreamsGroup group, StreamsSettings settings)
    {
        if (group.IsEmpty && settings.InitialRebalanceDelayMs is > 0 and var delayMs
            && !timers.IsSet(DelayKey(group.Id)))
        {
            timers.Set(DelayKey(group.Id), delayMs, () => AssignFirst(group.Id));
        }
    }

    private Decision AssignFirst(string groupId)
    {
        if (find(groupId) is not { IsEmpty: false, Soft.Topology: { } topology } group
            || group.Epoch <= group.TargetEpoch
            || IsTooEarly(group, new StreamsSettings(services.Configs, groupId)))
        {
            return Decision.Nothing;
        }

        List<CoordinatorRecord> records = [];
        StreamsTargets.Compute(
            group, group.Epoch, null, null, topology, group.AssignmentConfigs, services.WallClockMs, records);
        return new Decision(records);
    }

    private (int Epoch, TaskAssignment Target) Target(
        Beat beat, int epoch, StreamsSettings settings, ImmutableSortedDictionary<string, string> configs)
    {
        StreamsGroup group = beat.Group;
        if (timers.IsSet(DelayKey(group.Id)))
        {
            beat.Tell(
                StreamsStatus.AssignmentDelayed,
                "Assignment delayed due to the configured initial rebalance delay.");
            return (group.TargetEpoch, TaskAssignment.Empty);
        }

        bool isTooEarly = group.TargetEpoch < epoch && IsTooEarly(group, settings);
        if (isTooEarly)
        {
            beat.Tell(
                StreamsStatus.AssignmentDelayed, "Assignment delayed due to the configured assignment interval.");
        }

        if (isTooEarly || group.TargetEpoch >= epoch)
        {
            return (group.TargetEpoch, StreamsTargets.TargetOf(group, beat.Member.Id, beat.Member, beat.Replaced)
                ?? TaskAssignment.Empty);
        }

        return (epoch, StreamsTargets.Compute(
            group, epoch, beat.Member, beat.Replaced, beat.Topology!, configs, services.WallClockMs, beat.Records));
    }

    private bool IsTooEarly(StreamsGroup group, StreamsSettings settings) => group.TargetTimestampMs != 0
        && settings.AssignmentIntervalMs is not 0 and var intervalMs
        && services.WallClockMs < group.TargetTimestampMs + intervalMs;

    private void ExpectHeartbeat(string groupId, string memberId, StreamsSettings settings) => timers.Set(
        SessionKey(groupId, memberId), settings.SessionTimeoutMs, () => Fence(groupId, memberId, epoch: null));

    private void ExpectRevocation(string groupId, StreamsMember member)
    {
        string key = RebalanceKey(groupId, member.Id);
        if (member.State == StreamsMemberState.UnrevokedTasks)
        {
            timers.Set(key, member.RebalanceTimeoutMs, () => Fence(groupId, member.Id, member.Epoch));
        }
        else
        {
            timers.Cancel(key);
        }
    }

    /// <param name="epoch">In which the member must still be; null for whichever.</param>
    private Decision Fence(string groupId, string memberId, int? epoch) =>
        find(groupId) is { } group && group.Members.TryGetValue(memberId, out StreamsMember? member)
            && (epoch is null || member.Epoch == epoch)
                ? new Decision(Remove(group, member))
                : Decision.Nothing;

    private List<CoordinatorRecord> Remove(StreamsGroup group, StreamsMember member)
    {
        Forget(group.Id, member.Id);
        return StreamsMembers.Removal(group, member);
    }

    private void Forget(string groupId, string memberId)
    {
        timers.Cancel(SessionKey(groupId, memberId));
        timers.Cancel(RebalanceKey(groupId, memberId));
        _told.Remove((groupId, memberId));
    }

    private static string SessionKey(string groupId, string memberId) => $"streams session {groupId} {memberId}";

    private static string RebalanceKey(string groupId, string memberId) => $"streams rebalance {groupId} {memberId}";

    private static string DelayKey(string groupId) => $"streams delay {groupId}";
}
