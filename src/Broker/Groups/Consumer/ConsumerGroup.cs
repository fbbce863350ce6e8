using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;
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
    private readonly SortedDictionary<string, ConsumerMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _static = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ImmutableSortedSet<TopicIdPartition>> _targets =
        new(StringComparer.Ordinal);

    private readonly SortedDictionary<string, ImmutableSortedSet<string>> _regexes = new(StringComparer.Ordinal);

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

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyDictionary<string, ConsumerMember> Members => _members;

    /// <summary>The topics that each expression was last found to match.</summary>
    public IReadOnlyDictionary<string, ImmutableSortedSet<string>> Regexes => _regexes;

    public ImmutableSortedSet<TopicIdPartition> TargetOf(string memberId) =>
        _targets.GetValueOrDefault(memberId) ?? [];

    public bool HasTarget(string memberId) => _targets.ContainsKey(memberId);

    public string? StaticMemberId(string? instanceId) =>
        instanceId is null ? null : _static.GetValueOrDefault(instanceId);

    public bool IsHeldByOther(TopicIdPartition partition, string memberId) =>
        _members.Values.Any(member => member.Id != memberId && member.Holds(partition));

    /// <summary>What most members want, else <paramref name="standard"/>.</summary>
    public string Assignor(string standard) => _members.Values
        .Where(member => member.ServerAssignor is not null).GroupBy(member => member.ServerAssignor!)
        .OrderByDescending(votes => votes.Count()).ThenBy(votes => votes.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.Key ?? standard;

    /// <summary>Members are immutable: only the maps are copied.</summary>
    public ConsumerGroup Copy()
    {
        ConsumerGroup copy = new(Id)
        {
            Epoch = Epoch,
            MetadataHash = MetadataHash,
            TargetEpoch = TargetEpoch,
            TargetTimestampMs = TargetTimestampMs,
            CheckedTopics = CheckedTopics,
        };
        foreach (ConsumerMember member in _members.Values)
        {
            copy.Put(member);
        }

        foreach ((string memberId, ImmutableSortedSet<TopicIdPartition> target) in _targets)
        {
            copy._targets[memberId] = target;
        }

        foreach ((string regex, ImmutableSortedSet<string> topics) in _regexes)
        {
            copy._regexes[regex] = topics;
        }

        return copy;
    }

    public void Put(ConsumerMember member)
    {
        _members[member.Id] = member;
        if (member.InstanceId is { } instance)
        {
            _static[instance] = member.Id;
        }
    }

    public void Remove(string memberId)
    {
        if (_members.Remove(memberId, out ConsumerMember? member) && member.InstanceId is { } instance
            && _static.GetValueOrDefault(instance) == memberId)
        {
            _static.Remove(instance);
        }
    }

    public void SetTarget(string memberId, ImmutableSortedSet<TopicIdPartition>? target)
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

    public void SetRegex(string regex, ImmutableSortedSet<string>? topics)
    {
        if (topics is null)
        {
            _regexes.Remove(regex);
        }
        else
        {
            _regexes[regex] = topics;
        }
    }

    public override ErrorCode CheckCommit(in CommitOrigin origin)
    {
        if (origin.Epoch < 0 && (IsEmpty || origin.IsTransactional))
        {
            return ErrorCode.None;
        }

        if (!_members.TryGetValue(origin.MemberId, out ConsumerMember? member))
        {
            return ErrorCode.UnknownMemberId;
        }

        if (!origin.IsTransactional && origin.Version < FirstCommitVersion)
        {
            return ErrorCode.UnsupportedVersion;
        }

        if (origin.Epoch == member.Epoch)
        {
            return ErrorCode.None;
        }

        return origin.IsTransactional ? ErrorCode.IllegalGeneration : ErrorCode.StaleMemberEpoch;
    }

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

        return memberEpoch == member.Epoch ? ErrorCode.None : ErrorCode.StaleMemberEpoch;
    }

    public override ErrorCode CheckOffsetDelete() => ErrorCode.None;

    public override bool IsSubscribedTo(string topic) => _members.Values.Any(member =>
        member.Topics.Contains(topic) || (_regexes.GetValueOrDefault(member.Regex)?.Contains(topic) ?? false));

    public override long? RetentionBase(string topic, long commitTimestampMs) =>
        IsSubscribedTo(topic) ? null : commitTimestampMs;

    public override IReadOnlyList<CoordinatorRecord> Tombstones() => ConsumerRecords.Tombstones(this);
}
