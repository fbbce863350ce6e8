using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Offsets;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>
/// A group of the streams protocol (KIP-1071): what its records say, changed by replay only; and beside it, under
/// <see cref="Soft"/>, what a coordinator has seen since it took the group over.
/// </summary>
internal sealed class StreamsGroup(string id) : Group(id)
{
    private const short FirstCommitVersion = 9;
    private readonly SortedDictionary<string, StreamsMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _static = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, TaskAssignment> _targets = new(StringComparer.Ordinal);

    public override string Type => "streams";

    public override string StateName
    {
        get
        {
            if (IsEmpty)
            {
                return "Empty";
            }

            if (Topology is null || Topology.Epoch != ValidatedTopologyEpoch)
            {
                return "NotReady";
            }

            if (Epoch > TargetEpoch)
            {
                return "Assigning";
            }

            return _members.Values.All(member => member.IsReconciledTo(TargetEpoch)) ? "Stable" : "Reconciling";
        }
    }

    public override string StateFilter => StateName is "NotReady" ? "not_ready" : StateName;

    public override string ProtocolTypeName => "streams";

    public override bool IsEmpty => _members.Count == 0;

    /// <summary>Grows with each change of members, topology, topics or configs. A new group's first change makes it 2.
    /// </summary>
    public int Epoch { get; private set; } = 1;

    public long MetadataHash { get; private set; }

    /// <summary>The topology that all topics were found for; -1 while there is none.</summary>
    public int ValidatedTopologyEpoch { get; private set; } = -1;

    /// <summary>The topology of which a plugin of Kafka keeps a description; -1 for none.</summary>
    public int StoredDescriptionEpoch { get; private set; } = -1;

    public int FailedDescriptionEpoch { get; private set; } = -1;

    /// <summary>The configs that the last epoch was begun with.</summary>
    public ImmutableSortedDictionary<string, string> AssignmentConfigs { get; private set; } =
        StreamsSettings.NoConfigs;

    /// <summary>The group epoch that the targets were made for.</summary>
    public int TargetEpoch { get; private set; } = 1;

    /// <summary>0 when the next target need not wait.</summary>
    public long TargetTimestampMs { get; private set; }

    public StreamsTopology? Topology { get; private set; }

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyDictionary<string, StreamsMember> Members => _members;

    public IReadOnlyDictionary<string, TaskAssignment> Targets => _targets;

    public TaskHolders Holders { get; } = new();

    public StreamsSoftState Soft { get; } = new();

    public StreamsMember? StaticMember(string? instanceId) =>
        instanceId is not null && _static.TryGetValue(instanceId, out string? memberId) ? _members[memberId] : null;

    public void SetMetadata(StreamsGroupMetadataValue metadata)
    {
        Epoch = metadata.Epoch;
        MetadataHash = metadata.MetadataHash;
        ValidatedTopologyEpoch = metadata.ValidatedTopologyEpoch;
        StoredDescriptionEpoch = metadata.StoredDescriptionTopologyEpoch;
        FailedDescriptionEpoch = metadata.FailedDescriptionTopologyEpoch;
        AssignmentConfigs = StreamsSettings.NoConfigs.SetItems(
            (metadata.LastAssignmentConfigs ?? []).Select(config => KeyValuePair.Create(config.Key, config.Value)));
    }

    public void SetTopology(StreamsTopology? topology) => Topology = topology;

    public void SetTargetEpoch(int epoch, long timestampMs) => (TargetEpoch, TargetTimestampMs) = (epoch, timestampMs);

    public void SetTarget(string memberId, TaskAssignment? target)
    {
        if (target is null)
        {
            _targets.Remove(memberId);
        }
        else
        {
            _targets[memberId] = target;
        }
    }

    public void Put(StreamsMember member)
    {
        if (_members.TryGetValue(member.Id, out StreamsMember? before))
        {
            Holders.Remove(before);
            Forget(before);
        }

        _members[member.Id] = member;
        Holders.Add(member);
        if (member.InstanceId is { } instance)
        {
            _static[instance] = member.Id;
        }
    }

    public void Remove(string memberId)
    {
        if (_members.Remove(memberId, out StreamsMember? member))
        {
            Holders.Remove(member);
            Forget(member);
            Soft.Forget(memberId, isLast: IsEmpty);
        }
    }

    public override ErrorCode CheckCommit(in CommitOrigin origin)
    {
        if ((origin.Epoch < 0 && IsEmpty)
            || (origin is { IsTransactional: true, Epoch: -1, MemberId: "", InstanceId: null }))
        {
            return ErrorCode.None;
        }

        if (!_members.TryGetValue(origin.MemberId, out StreamsMember? member))
        {
            return ErrorCode.UnknownMemberId;
        }

        if (!origin.IsTransactional && origin.Version < FirstCommitVersion)
        {
            return ErrorCode.UnsupportedVersion;
        }

        return origin.Epoch <= member.Epoch ? ErrorCode.None : ErrorCode.StaleMemberEpoch;
    }

    /// <summary>An older epoch may still commit for tasks that the member has had since.</summary>
    public override ErrorCode CheckPartitionCommit(in CommitOrigin origin, in PartitionCommit commit)
    {
        if (!_members.TryGetValue(origin.MemberId, out StreamsMember? member) || origin.Epoch >= member.Epoch)
        {
            return ErrorCode.None;
        }

        if (Topology?.SubtopologyOf(commit.Partition.Topic) is not { } subtopology)
        {
            return ErrorCode.StaleMemberEpoch;
        }

        TaskId task = new(subtopology, commit.Partition.Partition);
        return (member.Assigned.Active.TryGetValue(task, out int epoch)
                || member.PendingRevocation.Active.TryGetValue(task, out epoch)) && origin.Epoch >= epoch
            ? ErrorCode.None
            : ErrorCode.StaleMemberEpoch;
    }

    public override ErrorCode CheckFetch(string? memberId, int memberEpoch)
    {
        if (memberId is null && memberEpoch < 0)
        {
            return ErrorCode.None;
        }

        if (!_members.TryGetValue(memberId ?? "", out StreamsMember? member))
        {
            return ErrorCode.UnknownMemberId;
        }

        return memberEpoch == member.Epoch ? ErrorCode.None : ErrorCode.StaleMemberEpoch;
    }

    public override ErrorCode CheckOffsetDelete() => ErrorCode.None;

    public override bool IsSubscribedTo(string topic) => !IsEmpty && Topology?.SubtopologyOf(topic) is not null;

    public override long? RetentionBase(string topic, long commitTimestampMs) =>
        IsSubscribedTo(topic) ? null : commitTimestampMs;

    public override IReadOnlyList<CoordinatorRecord> Tombstones() => StreamsRecords.Tombstones(this);

    private void Forget(StreamsMember member)
    {
        if (member.InstanceId is { } instance && _static.GetValueOrDefault(instance) == member.Id)
        {
            _static.Remove(instance);
        }
    }
}
