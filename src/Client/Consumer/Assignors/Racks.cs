namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>Which members are near which partitions (KIP-881).</summary>
internal sealed class Racks
{
    private readonly Dictionary<string, string> _memberRacks = [];
    private readonly Dictionary<TopicPartition, IReadOnlyCollection<string>> _partitionRacks = [];
    private readonly Dictionary<string, int> _membersInRack = [];

    public Racks(IEnumerable<AssignorMember> members, AssignorInput input, IEnumerable<string> topics)
    {
        foreach (AssignorMember member in members.Where(member => !string.IsNullOrEmpty(member.Rack)))
        {
            _memberRacks[member.Id] = member.Rack!;
            _membersInRack[member.Rack!] = _membersInRack.GetValueOrDefault(member.Rack!) + 1;
        }

        if (_memberRacks.Count == 0)
        {
            return;
        }

        HashSet<string> all = [];
        foreach (string topic in topics)
        {
            IReadOnlyList<IReadOnlyCollection<string>> partitions = input.Topics[topic];
            for (int i = 0; i < partitions.Count; i++)
            {
                _partitionRacks[new TopicPartition(topic, i)] = partitions[i];
                all.UnionWith(partitions[i]);
            }
        }

        // Where every partition is in every rack, racks say nothing.
        IsOfUse = all.Overlaps(_membersInRack.Keys)
            && !_partitionRacks.Values.All(racks => all.SetEquals(racks));
    }

    /// <summary>Whether racks make a difference.</summary>
    public bool IsOfUse { get; }

    public bool AnyMember => _memberRacks.Count > 0;

    public string? RackOf(string member) => _memberRacks.GetValueOrDefault(member);

    public IReadOnlyCollection<string> RacksOf(TopicPartition partition) =>
        _partitionRacks.GetValueOrDefault(partition) ?? [];

    /// <summary>A member of no rack is near to everything.</summary>
    public bool IsNear(string member, TopicPartition partition) =>
        RackOf(member) is not { } rack || RacksOf(partition).Contains(rack);

    /// <summary>How many members are in the racks of a partition.</summary>
    public int MembersNear(TopicPartition partition) =>
        RacksOf(partition).Distinct().Sum(rack => _membersInRack.GetValueOrDefault(rack));
}
