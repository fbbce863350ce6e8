using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Classic;
using KRaftSharp.Broker.Groups.Offsets;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>
/// A group of the consumer protocol (KIP-848): what its records say. Changed by replay only, but for what a coordinator
/// remembers of its last look at the topics.
/// </summary>
internal sealed class ConsumerGroup(string id) : Group(id)
{
    private const short FirstCommitVersion = 9;
    private ImmutableSortedDictionary<string, ConsumerMember> _members = Empty<ConsumerMember>();
    private ImmutableSortedDictionary<string, string> _static = Empty<string>();
    private ImmutableSortedDictionary<string, ImmutableSortedSet<TopicIdPartition>> _targets =
        Empty<ImmutableSortedSet<TopicIdPartition>>();

    private ImmutableSortedDictionary<string, ImmutableSortedSet<string>> _regexes =
        Empty<ImmutableSortedSet<string>>();

    private ImmutableSortedDictionary<TopicIdPartition, string> _holders =
        ImmutableSortedDictionary<TopicIdPartition, string>.Empty;

    public override string Type => "consumer";

    public override string StateName
    {
        get
        {
            if (IsEmpty)
            {
                return "Empty";
            }

            if (Epoch > TargetEpoch)
            {
                return "Assigning";
            }

            return _members.Values.All(
                member => member.State == MemberState.Stable && member.Epoch == TargetEpoch)
                ? "Stable"
                : "Reconciling";
        }
    }

    public override string ProtocolTypeName => "consumer";

    public override bool IsEmpty => _members.Count == 0;

    /// <summary>Grows with each change of members, subscriptions or topics. A new group's first change makes it 2.
    /// </summary>
    public int Epoch { get; set; } = 1;

    public long MetadataHash { get; set; }

    /// <summary>The group epoch that the targets were made for.</summary>
    public int TargetEpoch { get; set; }

    public long TargetTimestampMs { get; set; }

    /// <summary>The topics that <see cref="MetadataHash"/> was last compared with; null after loading.</summary>
    public TopicsImage? CheckedTopics { get; set; }

    /// <summary>Whether the log has a record of Kafka before 4.1 that is to be removed.</summary>
    public bool HasPartitionMetadata { get; set; }

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyDictionary<string, ConsumerMember> Members => _members;

    /// <summary>How many members speak the classic protocol.</summary>
    public int ClassicCount { get; private set; }

    /// <summary>The topics that each expression was last found to match.</summary>
    public IReadOnlyDictionary<string, ImmutableSortedSet<string>> Regexes => _regexes;

    public ImmutableSortedSet<TopicIdPartition> TargetOf(string memberId) =>
        _targets.GetValueOrDefault(memberId) ?? [];

    public bool HasTarget(string memberId) => _targets.ContainsKey(memberId);

    public string? StaticMemberId(string? instanceId) =>
        instanceId is null ? null : _static.GetValueOrDefault(instanceId);

    public bool IsHeldByOther(TopicIdPartition partition, string memberId) =>
        _holders.TryGetValue(partition, out string? holder) && holder != memberId;

    /// <summary>Whether a member lacks only what others still hold.</summary>
    public bool IsWaitingForOthers(ConsumerMember member) => member.State == MemberState.UnreleasedPartitions
        && TargetOf(member.Id).Except(member.Assigned).Any(partition => _holders.ContainsKey(partition));

    /// <summary>Whether all that the classic members offer has something in common with this.</summary>
    public bool SupportsClassic(string protocolType, IReadOnlyList<ClassicProtocol> protocols) =>
        protocolType == ProtocolTypeName && protocols.Any(offered => _members.Values.All(member =>
            member.Classic is not { } classic || classic.Protocols.Any(protocol => protocol.Name == offered.Name)));

    /// <summary>Whether only members of the classic protocol stay when these go.</summary>
    public bool IsClassicWithout(IReadOnlyCollection<ConsumerMember> leaving) =>
        ClassicCount - leaving.Count(member => member.IsClassic) == _members.Count - leaving.Count;

    /// <summary>What most members want, else <paramref name="standard"/>.</summary>
    public string Assignor(string standard) => _members.Values
        .Where(member => member.ServerAssignor is not null).GroupBy(member => member.ServerAssignor!)
        .OrderByDescending(votes => votes.Count()).ThenBy(votes => votes.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.Key ?? standard;

    /// <summary>What changes in one does not change in the other.</summary>
    public ConsumerGroup Copy() => (ConsumerGroup)MemberwiseClone();

    public void Put(ConsumerMember member)
    {
        if (_members.TryGetValue(member.Id, out ConsumerMember? before))
        {
            Forget(before);
        }

        _members = _members.SetItem(member.Id, member);
        _holders = _holders.SetItems(member.Assigned.Concat(member.PendingRevocation)
            .Select(partition => KeyValuePair.Create(partition, member.Id)));
        ClassicCount += member.IsClassic ? 1 : 0;
        if (member.InstanceId is { } instance)
        {
            _static = _static.SetItem(instance, member.Id);
        }
    }

    public void Remove(string memberId)
    {
        if (_members.TryGetValue(memberId, out ConsumerMember? member))
        {
            Forget(member);
            _members = _members.Remove(memberId);
        }
    }

    public void SetTarget(string memberId, ImmutableSortedSet<TopicIdPartition>? target) =>
        _targets = target is null ? _targets.Remove(memberId) : _targets.SetItem(memberId, target);

    public void SetRegex(string regex, ImmutableSortedSet<string>? topics) =>
        _regexes = topics is null ? _regexes.Remove(regex) : _regexes.SetItem(regex, topics);

    /// <summary>The error for the whole of a commit. One of an older epoch is judged by
    /// <see cref="CheckPartitionCommit"/>.</summary>
    public override ErrorCode CheckCommit(in CommitOrigin origin)
    {
        bool isStranger = origin.Epoch == -1 && origin.MemberId.Length == 0 && origin.InstanceId is null;
        if ((origin.Epoch < 0 && IsEmpty) || (origin.IsTransactional && isStranger))
        {
            return ErrorCode.None;
        }

        if (!_members.TryGetValue(origin.MemberId, out ConsumerMember? member))
        {
            return ErrorCode.UnknownMemberId;
        }

        if (!origin.IsTransactional && !member.IsClassic && origin.Version < FirstCommitVersion)
        {
            return ErrorCode.UnsupportedVersion;
        }

        return origin.Epoch <= member.Epoch ? ErrorCode.None : Stale(member);
    }

    /// <summary>A member may commit with the epoch in which it got a partition, or a later one (KIP-1251).</summary>
    public override ErrorCode CheckPartitionCommit(in CommitOrigin origin, in PartitionCommit commit) =>
        !_members.TryGetValue(origin.MemberId, out ConsumerMember? member) || origin.Epoch == member.Epoch
            || origin.Epoch >= member.AssignmentEpochOf(new(commit.TopicId, commit.Partition.Partition))
            ? ErrorCode.None
            : Stale(member);

    public override ErrorCode CheckFetch(string? memberId, int memberEpoch)
    {
        if (memberId is null && memberEpoch < 0)
        {
            return ErrorCode.None;
        }

        if (!_members.TryGetValue(memberId ?? "", out ConsumerMember? member))
        {
            return ErrorCode.UnknownMemberId;
        }

        return memberEpoch == member.Epoch ? ErrorCode.None : Stale(member);
    }

    public override ErrorCode CheckOffsetDelete() => ErrorCode.None;

    public override bool IsSubscribedTo(string topic) => _members.Values.Any(member =>
        member.Topics.Contains(topic) || (_regexes.GetValueOrDefault(member.Regex)?.Contains(topic) ?? false));

    public override long? RetentionBase(string topic, long commitTimestampMs) =>
        IsSubscribedTo(topic) ? null : commitTimestampMs;

    public override IReadOnlyList<CoordinatorRecord> Tombstones() => ConsumerRecords.Tombstones(this);

    private static ErrorCode Stale(ConsumerMember member) =>
        member.IsClassic ? ErrorCode.IllegalGeneration : ErrorCode.StaleMemberEpoch;

    private static ImmutableSortedDictionary<string, T> Empty<T>() =>
        ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);

    /// <summary>All that is known by way of a member, which may have lost it to another one meanwhile.</summary>
    private void Forget(ConsumerMember member)
    {
        ClassicCount -= member.IsClassic ? 1 : 0;
        _holders = _holders.RemoveRange(member.Assigned.Concat(member.PendingRevocation)
            .Where(partition => _holders.GetValueOrDefault(partition) == member.Id));
        if (member.InstanceId is { } instance && _static.GetValueOrDefault(instance) == member.Id)
        {
            _static = _static.Remove(instance);
        }
    }
}
