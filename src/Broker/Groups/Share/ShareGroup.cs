using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>A share group (KIP-932): what its records say. Changed by replay only, but for what a coordinator remembers
/// of its last look at the topics.</summary>
internal sealed class ShareGroup(string id) : Group(id)
{
    public const string Kind = "share";

    private readonly SortedDictionary<string, ShareMember> _members = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ImmutableSortedSet<TopicIdPartition>> _targets =
        new(StringComparer.Ordinal);

    public override string Type => Kind;

    public override string StateName => IsEmpty ? "Empty" : "Stable";

    public override string ProtocolTypeName => Kind;

    public override bool IsEmpty => _members.Count == 0;

    /// <summary>It is there until it is deleted: its state is not among the offsets that expire.</summary>
    public override bool MayExpire => false;

    /// <summary>Grows with each change of members, subscriptions, topics or state. A new group's first change makes it
    /// 2.</summary>
    public int Epoch { get; set; } = 1;

    public long MetadataHash { get; set; }

    /// <summary>The group epoch that the targets were made for.</summary>
    public int TargetEpoch { get; set; }

    public long TargetTimestampMs { get; set; }

    /// <summary>The topics that <see cref="MetadataHash"/> was last compared with; null after loading.</summary>
    public TopicsImage? CheckedTopics { get; set; }

    public StateTopics States { get; set; } = StateTopics.None;

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyDictionary<string, ShareMember> Members => _members;

    public IEnumerable<string> SubscribedTopics =>
        _members.Values.SelectMany(member => member.Topics).Distinct(StringComparer.Ordinal);

    public ImmutableSortedSet<TopicIdPartition> TargetOf(string memberId) =>
        _targets.GetValueOrDefault(memberId) ?? [];

    public bool HasTarget(string memberId) => _targets.ContainsKey(memberId);

    /// <summary>Whether there is state that nobody is assigned to yet.</summary>
    public bool HasUnassigned()
    {
        HashSet<string> subscribed = new(SubscribedTopics, StringComparer.Ordinal);
        HashSet<TopicIdPartition> assigned = [.. _targets.Values.SelectMany(target => target)];
        return States.Initialized.Any(topic => subscribed.Contains(topic.Value.Name)
            && topic.Value.Partitions.Any(index => !assigned.Contains(new TopicIdPartition(topic.Key, index))));
    }

    /// <summary>Members are immutable: only the maps are copied.</summary>
    public ShareGroup Copy()
    {
        ShareGroup copy = new(Id)
        {
            Epoch = Epoch,
            MetadataHash = MetadataHash,
            TargetEpoch = TargetEpoch,
            TargetTimestampMs = TargetTimestampMs,
            CheckedTopics = CheckedTopics,
            States = States,
        };
        foreach (ShareMember member in _members.Values)
        {
            copy.Put(member);
        }

        foreach ((string memberId, ImmutableSortedSet<TopicIdPartition> target) in _targets)
        {
            copy._targets[memberId] = target;
        }

        return copy;
    }

    public void Put(ShareMember member) => _members[member.Id] = member;

    public void Remove(string memberId) => _members.Remove(memberId);

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

    public override ErrorCode CheckCommit(in CommitOrigin origin) => ErrorCode.GroupIdNotFound;

    public override ErrorCode CheckFetch(string? memberId, int memberEpoch) => ErrorCode.GroupIdNotFound;

    public override ErrorCode CheckOffsetDelete() => ErrorCode.GroupIdNotFound;

    public override bool IsSubscribedTo(string topic) => _members.Values.Any(member => member.Topics.Contains(topic));

    public override long? RetentionBase(string topic, long commitTimestampMs) => null;

    public override IReadOnlyList<CoordinatorRecord> Tombstones() => ShareRecords.Tombstones(this);
}
