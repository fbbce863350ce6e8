using System.Collections.Immutable;
using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Classic;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Property.Groups;

/// <summary>
/// What may happen to a group: members of both protocols that come, go, hang and come back, topics that appear, grow
/// and go, writes that fail, coordinators that move. After each step the promises are looked at.
/// </summary>
internal sealed class GroupHistory
{
    private const string GroupId = "g";
    private readonly GroupWorld _world;
    private readonly List<ModelMember> _members = [];
    private readonly bool _keepsRevoked;
    private readonly Dictionary<string, ImmutableSortedSet<TopicIdPartition>> _kept = new(StringComparer.Ordinal);
    private int _names;
    private int _epoch;

    /// <param name="keepsRevoked">Planted: members go on reading what they say they gave up.</param>
    public GroupHistory(ulong seed, bool keepsRevoked = false)
    {
        _world = new GroupWorld(seed);
        _keepsRevoked = keepsRevoked;
        _world.AddTopic("a", 4);
        _world.AddTopic("b", 2);
        for (int i = 0; i < 3; i++)
        {
            Add();
        }
    }

    /// <summary>How often the group changed its protocol.</summary>
    public int ChangeCount { get; private set; }

    public string? Broken { get; private set; }

    private Group? Found => _world.Shard.Find(GroupId);

    public void Step()
    {
        string? before = Found is { IsEmpty: false } ? Found.Type : null;
        Act();
        if (before is not null && Found is { IsEmpty: false } now && now.Type != before)
        {
            ChangeCount++;
        }

        Broken ??= Check();
    }

    /// <summary>Faults end, everybody is back: the group must come to rest with everything assigned.</summary>
    public void Settle()
    {
        _world.CannotWrite = false;
        foreach (ModelMember member in _members)
        {
            member.IsAway = false;
        }

        for (int round = 0; round < 200; round++)
        {
            _members.ForEach(member => member.Step());
            _world.Time.Advance(500);
            Broken ??= Check();
        }

        TopicIdPartition[] owned = [.. _members.SelectMany(member => member.Owned).Order()];
        TopicIdPartition[] all = [.. _members.SelectMany(member => member.Topics).Distinct()
            .Where(topic => _world.Image.Topics.TryGet(topic, out _))
            .SelectMany(topic => _world.Image.Topics.TryGet(topic, out var known)
                ? known.Partitions.Keys.Select(index => new TopicIdPartition(known.Id, index))
                : []).Order()];
        if (!owned.SequenceEqual(all))
        {
            Broken ??= $"{owned.Length} partitions are owned of {all.Length}, group {Found?.Type} {Found?.StateName}: "
                + string.Join("; ", _members.Select(Describe));
        }
    }

    private string Describe(ModelMember member) =>
        $"{(member.IsClassic ? "classic" : "consumer")} {member.Name} {member.Id} of {string.Join('+', member.Topics)} "
        + $"at {member.Epoch} owns {member.Owned.Count}"
        + (Found is ConsumerGroup group && group.Members.TryGetValue(member.Id, out ConsumerMember? live)
            ? $", known at {live.Epoch} {live.State} with {live.Assigned.Count} of {group.TargetOf(member.Id).Count}, "
                + $"subscribed to {string.Join('+', live.Topics)}"
            : "");

    private void Act()
    {
        int what = _world.Chance.Below(100);
        ModelMember? member = _members.Count == 0 ? null : _members[_world.Chance.Below(_members.Count)];
        switch (what)
        {
            case < 60 when member is { IsAway: false }:
                Keep(member, member.Step);
                break;
            case < 78:
                _world.Time.Advance(_world.Chance.Below(1_500));
                break;
            case < 82 when member is not null:
                member.IsAway = !member.IsAway;
                break;
            case < 84:
                _world.Time.Advance(20_000);
                break;
            case < 87 when _members.Count < 6:
                Add();
                break;
            case < 90 when member is not null:
                member.Leave();
                _members.Remove(member);
                break;
            case < 92 when member is ModelConsumer consumer:
                consumer.Subscribe(_world.Chance.Below(2) == 0 ? ["a", "b"] : ["b"]);
                break;
            case < 94:
                Topics();
                break;
            case < 96:
                _world.CannotWrite = !_world.CannotWrite;
                break;
            case < 98:
                _world.FailOver();
                _members.ForEach(other => other.Disconnected());
                break;
        }
    }

    private void Keep(ModelMember member, Action step)
    {
        ImmutableSortedSet<TopicIdPartition> before = member.Owned;
        step();
        if (_keepsRevoked && !before.IsSubsetOf(member.Owned))
        {
            _kept[member.Name] = before;
        }
    }

    private void Topics()
    {
        switch (_world.Chance.Below(3))
        {
            case 0:
                _world.AddTopic("a", 4 + _world.Chance.Below(3));
                break;
            case 1:
                _world.DeleteTopic("b");
                break;
            default:
                _world.AddTopic("b", 2);
                break;
        }
    }

    private void Add()
    {
        string name = $"m{_names++}";
        _members.Add(_world.Chance.Below(2) == 0
            ? new ModelClassic(_world, GroupId, name)
            : new ModelConsumer(_world, GroupId, name));
    }

    private string? Check()
    {
        List<ModelMember> known = [.. _members.Where(member => Found switch
        {
            ConsumerGroup group => group.Members.ContainsKey(member.Id),
            ClassicGroup group => group.Member(member.Id) is not null && member.Epoch == group.Generation,
            _ => false,
        })];
        TopicIdPartition[] owned = [.. known.SelectMany(member =>
            member.Owned.Union(_kept.GetValueOrDefault(member.Name) ?? []))];
        if (owned.Distinct().Count() != owned.Length)
        {
            return $"two of {string.Join(", ", known.Select(member => member.Name))} own a partition";
        }

        return (Found as ConsumerGroup is { } consumers ? CheckGroup(consumers) : null) ?? CheckEpoch()
            ?? CheckCommits(known);
    }

    private string? CheckGroup(ConsumerGroup group)
    {
        TopicIdPartition[] held = [.. group.Members.Values.SelectMany(
            member => member.Assigned.Concat(member.PendingRevocation))];
        if (held.Distinct().Count() != held.Length)
        {
            return "two members hold a partition";
        }

        if (group.Members.Values.FirstOrDefault(member => group.TargetEpoch == group.Epoch && group.TargetOf(member.Id)
            .Any(partition => !TopicSubscriptions.Of(member, group, _world.Image.Topics).Contains(partition.TopicId)
                && _world.Image.Topics.ById.ContainsKey(partition.TopicId))) is { } wrong)
        {
            return $"{wrong.Id} is to have a partition of a topic that it does not subscribe to";
        }

        if (_world.Chance.Below(20) != 0)
        {
            return null;
        }

        ConsumerGroup? read = _world.Recorded(GroupId);
        return read is not null && read.Epoch == group.Epoch && read.TargetEpoch == group.TargetEpoch
            && read.Members.Count == group.Members.Count
            && read.Members.Values.All(member => group.Members.TryGetValue(member.Id, out ConsumerMember? live)
                && live.HasSameAssignment(member) && live.HasSameMetadata(member)
                && group.TargetOf(member.Id).SetEquals(read.TargetOf(member.Id)))
            ? null
            : "the log says something else of the group";
    }

    private string? CheckEpoch()
    {
        int before = _epoch;
        _epoch = Found switch
        {
            { IsEmpty: true } or null => 0,
            ConsumerGroup group => group.Epoch,
            ClassicGroup group => group.Generation,
            _ => 0,
        };

        // What a classic group counts is written with the next generation that is assigned only.
        return _epoch > 0 && _epoch < before && Found is ConsumerGroup ? $"epoch {before} became {_epoch}" : null;
    }

    private string? CheckCommits(List<ModelMember> known)
    {
        if (_world.Chance.Below(8) != 0 || Found is null or { IsEmpty: true })
        {
            return null;
        }

        foreach (ModelMember member in _members)
        {
            if (member.Owned.IsEmpty || !_world.Image.Topics.TryGet(member.Owned[0].TopicId, out var topic))
            {
                continue;
            }

            bool isKnown = known.Contains(member);
            if (member.Commit(member.Owned[0], topic.Name, Newest(member) + 1) == ErrorCode.None)
            {
                return $"{member.Name} commits with an epoch that has not been";
            }

            bool isIn = Found is ConsumerGroup consumers
                ? consumers.Members.ContainsKey(member.Id)
                : ((ClassicGroup)Found).Member(member.Id) is not null;
            ErrorCode error = member.Commit(member.Owned[0], topic.Name, member.Epoch);
            if (error == ErrorCode.None && (!isIn || !isKnown))
            {
                return $"{member.Name} commits though it is fenced";
            }

            if (Found is ConsumerGroup group && group.Members.TryGetValue(member.Id, out ConsumerMember? live)
                && live.AssignmentEpochOf(member.Owned[0]) is { } since && since > 0
                && member.Commit(member.Owned[0], topic.Name, since - 1) == ErrorCode.None)
            {
                return $"{member.Name} commits what it was given only later";
            }
        }

        return null;
    }

    /// <summary>The epoch that the coordinator gave the member last, whether it knows or not.</summary>
    private int Newest(ModelMember member) => Found switch
    {
        ConsumerGroup group when group.Members.TryGetValue(member.Id, out ConsumerMember? live) => live.Epoch,
        ClassicGroup group => group.Generation,
        _ => member.Epoch,
    };
}
