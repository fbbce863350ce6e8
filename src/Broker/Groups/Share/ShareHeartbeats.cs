using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>ShareGroupHeartbeat: members that come, stay and leave, and what they are assigned (KIP-932).</summary>
internal sealed class ShareHeartbeats(GroupServices services, ShardTimers timers, Func<string, Group?> find)
{
    /// <summary>Members may be given partitions only once their state is there: what is missing is told with the
    /// answer.</summary>
    public Decision Heartbeat(ShareGroupHeartbeatRequest request, GroupClient client, Reply<ShareHeartbeatAnswer> reply)
    {
        Group? found = find(request.GroupId);
        ShareGroup? known = found as ShareGroup;
        if (known is null && (found is not null || request.MemberEpoch != 0))
        {
            return Refuse(reply, new HeartbeatRefusal(ErrorCode.GroupIdNotFound, found is null
                ? $"Share group {request.GroupId} not found."
                : $"Group {request.GroupId} is not a share group."));
        }

        ShareGroup group = known ?? new ShareGroup(request.GroupId);
        ShareMember? before = group.Members.GetValueOrDefault(request.MemberId);
        if (WhyRefused(group, before, request) is { } refusal)
        {
            return Refuse(reply, refusal);
        }

        if (request.MemberEpoch == ShareMember.LeaveEpoch)
        {
            return reply.After(Removal(group, before!), new ShareHeartbeatAnswer(new ShareGroupHeartbeatResponse
            {
                MemberId = request.MemberId,
                MemberEpoch = request.MemberEpoch,
            }));
        }

        return Update(group, before, request, client, reply);
    }

    /// <summary>Everybody of a loaded group has a session timeout to be heard of.</summary>
    public void Resume(ShareGroup group)
    {
        foreach (ShareMember member in group.Members.Values)
        {
            Expect(group.Id, member.Id);
        }
    }

    private static Decision Refuse(Reply<ShareHeartbeatAnswer> reply, HeartbeatRefusal refusal) =>
        reply.Now(new ShareHeartbeatAnswer(
            new ShareGroupHeartbeatResponse { ErrorCode = refusal.Error, ErrorMessage = refusal.Message }));

    private HeartbeatRefusal? WhyRefused(ShareGroup group, ShareMember? before, ShareGroupHeartbeatRequest request)
    {
        if (before is null && request.MemberEpoch == 0)
        {
            int most = services.Settings.ShareMaxSize;
            return group.Members.Count < most
                ? null
                : new HeartbeatRefusal(
                    ErrorCode.GroupMaxSizeReached,
                    $"The share group has reached its maximum capacity of {most} members.");
        }

        if (before is null)
        {
            return new HeartbeatRefusal(
                ErrorCode.UnknownMemberId, $"Member {request.MemberId} is not a member of group {group.Id}.");
        }

        int told = request.MemberEpoch;
        if (told is 0 or ShareMember.LeaveEpoch || told == before.Epoch
            || (told < before.Epoch && told == before.PreviousEpoch))
        {
            return null;
        }

        string relation = told > before.Epoch ? "greater" : "smaller";
        return new HeartbeatRefusal(
            ErrorCode.FencedMemberEpoch,
            $"The share group member has a {relation} member epoch ({told}) than the one known by the group "
            + $"coordinator ({before.Epoch}). The member must abandon all its partitions and rejoin.");
    }

    private Decision Update(
        ShareGroup group, ShareMember? before, ShareGroupHeartbeatRequest request, GroupClient client,
        Reply<ShareHeartbeatAnswer> reply)
    {
        ShareMember known = before ?? new ShareMember(request.MemberId);
        ShareMember updated = known with
        {
            RackId = request.RackId ?? known.RackId,
            Topics = request.SubscribedTopicNames?.ToImmutableSortedSet(StringComparer.Ordinal) ?? known.Topics,
            ClientId = client.Id,
            ClientHost = client.Host,
        };
        ShareGroup draft = group.Copy();
        List<CoordinatorRecord> records = [];
        bool isPending = draft.TargetEpoch >= draft.Epoch && !draft.IsEmpty && draft.HasUnassigned();
        if (before is null || !updated.HasSameMetadata(before))
        {
            Add(draft, records, ShareRecords.Member(group.Id, updated));
        }

        bool isChanged = isPending || !updated.HasSameSubscription(known);
        bool isNewEpoch = Refresh(draft, records, isChanged);
        Retarget(draft, records);
        ShareMember current = draft.Members[updated.Id];
        ShareMember next = Reconcile(draft, current, isNewEpoch);
        if (!next.HasSameAssignment(current))
        {
            Add(draft, records, ShareRecords.Current(group.Id, next));
        }

        IReadOnlyDictionary<Uuid, StateTopic> missing = MissingStates(draft);
        if (missing.Count > 0)
        {
            records.Add(ShareRecords.States(group.Id, draft.States.Begin(missing)));
        }

        Expect(group.Id, next.Id);
        ShareGroupHeartbeatResponse response = new()
        {
            MemberId = next.Id,
            MemberEpoch = next.Epoch,
            HeartbeatIntervalMs = services.Configs.Int(group.Id, "share.heartbeat.interval.ms"),
        };
        if (request.MemberEpoch == 0 || request.SubscribedTopicNames is not null
            || !known.Assigned.SetEquals(next.Assigned))
        {
            response.Assignment = AssignmentOf(next);
        }

        return reply.After(records, new ShareHeartbeatAnswer(response)
        {
            Missing = [.. missing.SelectMany(topic => topic.Value.Partitions.Select(index => new StateBeginning(
                new TopicIdPartition(topic.Key, index), draft.Epoch, group.States.Knows(topic.Key) ? 0 : -1)))],
            MissingTopics = missing,
        });
    }

    private static ShareMember Reconcile(ShareGroup draft, ShareMember member, bool isNewEpoch)
    {
        if (!isNewEpoch && member.Epoch == draft.TargetEpoch)
        {
            return member;
        }

        ImmutableSortedSet<TopicIdPartition> assigned = draft.TargetOf(member.Id);
        TopicsImage? topics = draft.CheckedTopics;
        assigned = [.. assigned.Where(partition => topics is null
            || (topics.TryGet(partition.TopicId, out TopicImage? topic) && member.Topics.Contains(topic.Name)))];
        return member.Epoch == draft.TargetEpoch
            ? member with { Assigned = assigned }
            : member with { PreviousEpoch = member.Epoch, Epoch = draft.TargetEpoch, Assigned = assigned };
    }

    private static ShareGroupHeartbeatResponse.AssignmentValue AssignmentOf(ShareMember member) => new()
    {
        TopicPartitions = [.. member.Assigned.GroupBy(partition => partition.TopicId).Select(
            topic => new ShareGroupHeartbeatResponse.TopicPartitions
            {
                TopicId = topic.Key,
                Partitions = [.. topic.Select(partition => partition.Partition)],
            })],
    };

    private void Add(ShareGroup draft, List<CoordinatorRecord> records, CoordinatorRecord record)
    {
        records.Add(record);
        ShareRecords.Replay(draft, record.Key, record.Value, services.WallClockMs);
    }

    /// <summary>Looks at the topics again, and begins a new epoch if the group or its topics have changed.</summary>
    private bool Refresh(ShareGroup draft, List<CoordinatorRecord> records, bool isChanged)
    {
        MetadataImage image = services.Image();
        if (!isChanged && ReferenceEquals(draft.CheckedTopics, image.Topics))
        {
            return false;
        }

        draft.CheckedTopics = image.Topics;
        if (find(draft.Id) is ShareGroup group)
        {
            group.CheckedTopics = image.Topics;
        }

        long hash = services.Hashes.Of(draft.SubscribedTopics, image);
        if (!isChanged && hash == draft.MetadataHash)
        {
            return false;
        }

        Add(draft, records, ShareRecords.Epoch(draft.Id, draft.Epoch + 1, hash));
        return true;
    }

    private void Retarget(ShareGroup draft, List<CoordinatorRecord> records)
    {
        long now = services.WallClockMs;
        if (draft.TargetEpoch >= draft.Epoch
            || now - draft.TargetTimestampMs < services.Configs.Int(draft.Id, "share.assignment.interval.ms"))
        {
            return;
        }

        TopicsImage topics = services.Image().Topics;
        AssignmentInput.Member[] members = [.. draft.Members.Values.Select(member => new AssignmentInput.Member(
            member.Id, null, TopicsOf(member, topics), draft.TargetOf(member.Id)))];
        Dictionary<Uuid, IReadOnlyList<int>> assignable = draft.States.Initialized.ToDictionary(
            topic => topic.Key, topic => (IReadOnlyList<int>)[.. topic.Value.Partitions]);
        Dictionary<string, ImmutableSortedSet<TopicIdPartition>> targets = SimpleAssignor.Assign(members, assignable);
        foreach (string memberId in draft.Members.Keys)
        {
            ImmutableSortedSet<TopicIdPartition> target = targets.GetValueOrDefault(memberId) ?? [];
            if (!draft.HasTarget(memberId) || !draft.TargetOf(memberId).SetEquals(target))
            {
                Add(draft, records, ShareRecords.Target(draft.Id, memberId, target));
            }
        }

        Add(draft, records, ShareRecords.TargetEpoch(draft.Id, draft.Epoch, now));
    }

    private static IReadOnlyList<Uuid> TopicsOf(ShareMember member, TopicsImage topics)
    {
        SortedSet<Uuid> ids = [];
        foreach (string name in member.Topics)
        {
            if (topics.TryGet(name, out TopicImage? topic))
            {
                ids.Add(topic.Id);
            }
        }

        return [.. ids];
    }

    /// <summary>The partitions of subscribed topics for which no state is there, or was asked for lately.</summary>
    private SortedDictionary<Uuid, StateTopic> MissingStates(ShareGroup draft)
    {
        SortedDictionary<Uuid, StateTopic> missing = [];
        TopicsImage topics = services.Image().Topics;
        long now = services.WallClockMs;
        foreach (string name in draft.SubscribedTopics)
        {
            if (!topics.TryGet(name, out TopicImage? topic)
                || (draft.States.Initialized.TryGetValue(topic.Id, out StateTopic? all)
                    && all.Partitions.Count >= topic.Partitions.Count))
            {
                continue;
            }

            ImmutableSortedSet<int> wanted = [.. Enumerable.Range(0, topic.Partitions.Count)];
            if (draft.States.Initialized.TryGetValue(topic.Id, out StateTopic? initialized))
            {
                wanted = wanted.Except(initialized.Partitions);
            }

            if (draft.States.Initializing.TryGetValue(topic.Id, out StateTopic? initializing)
                && now - initializing.SinceMs < services.Settings.ShareInitializeRetryMs)
            {
                wanted = wanted.Except(initializing.Partitions);
            }

            if (!wanted.IsEmpty)
            {
                missing[topic.Id] = new StateTopic(name, wanted, now);
            }
        }

        return missing;
    }

    private List<CoordinatorRecord> Removal(ShareGroup group, ShareMember member)
    {
        timers.Cancel(SessionKey(group.Id, member.Id));
        List<CoordinatorRecord> records = [.. ShareRecords.MemberTombstones(group.Id, member.Id)];
        ShareGroup draft = group.Copy();
        foreach (CoordinatorRecord record in records)
        {
            ShareRecords.Replay(draft, record.Key, record.Value, services.WallClockMs);
        }

        Refresh(draft, records, isChanged: true);
        if (draft.IsEmpty)
        {
            records.Add(ShareRecords.TargetEpoch(group.Id, draft.Epoch, 0));
        }

        return records;
    }

    private void Expect(string groupId, string memberId) => timers.Set(
        SessionKey(groupId, memberId), services.Configs.Int(groupId, "share.session.timeout.ms"),
        () => find(groupId) is ShareGroup group && group.Members.TryGetValue(memberId, out ShareMember? member)
            ? new Decision(Removal(group, member))
            : Decision.Nothing);

    private static string SessionKey(string groupId, string memberId) => $"share session {groupId} {memberId}";
}
