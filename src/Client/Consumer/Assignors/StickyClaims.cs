namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>What members own by their own words, made consistent: of two that claim a partition the one of the later
/// generation has it, and none when both are of the same.</summary>
internal sealed class StickyClaims
{
    private readonly Dictionary<string, int> _generations = [];
    private readonly Dictionary<TopicPartition, string> _owners = [];

    public StickyClaims(AssignorInput input, bool isCooperative)
    {
        Input = input;
        Members = [.. input.Members.OrderBy(member => member.Id, StringComparer.Ordinal)];
        Topics = input.SubscribedTopics();
        Racks = new Racks(input.Members, input, Topics.Keys);
        AreSubscriptionsEqual = HaveAllTheSameTopics();
        foreach (AssignorMember member in Members)
        {
            Said[member.Id] = WordsOf(member, isCooperative);
            _generations[member.Id] = Said[member.Id].Generation;
            LatestGeneration = Math.Max(LatestGeneration, Said[member.Id].Generation);
        }

        foreach (AssignorMember member in Members)
        {
            Owned[member.Id] = [];
            foreach (TopicPartition partition in Said[member.Id].Owned.Where(Exists))
            {
                Claim(member.Id, partition);
            }
        }
    }

    public AssignorInput Input { get; }

    /// <summary>By id.</summary>
    public IReadOnlyList<AssignorMember> Members { get; }

    /// <summary>Subscribed topics with their number of partitions.</summary>
    public SortedDictionary<string, int> Topics { get; }

    public Racks Racks { get; }

    public bool AreSubscriptionsEqual { get; }

    public int LatestGeneration { get; } = -1;

    /// <summary>What each member said, unchecked.</summary>
    public Dictionary<string, (IReadOnlyList<TopicPartition> Owned, int Generation)> Said { get; } = [];

    /// <summary>What each member owns.</summary>
    public Dictionary<string, List<TopicPartition>> Owned { get; } = [];

    /// <summary>Partitions that several members of one generation claim.</summary>
    public HashSet<TopicPartition> Disputed { get; } = [];

    private static (IReadOnlyList<TopicPartition> Owned, int Generation) WordsOf(
        AssignorMember member, bool isCooperative) => isCooperative
        ? (member.Owned,
            member.Generation >= 0 ? member.Generation : StickyUserData.DecodeGeneration(member.UserData))
        : StickyUserData.Decode(member.UserData);

    private bool Exists(TopicPartition partition) =>
        Topics.TryGetValue(partition.Topic, out int count) && (uint)partition.Partition < (uint)count;

    private void Claim(string member, TopicPartition partition)
    {
        if (!_owners.TryGetValue(partition, out string? other))
        {
            Owned[member].Add(partition);
        }
        else if (_generations[member] == _generations[other])
        {
            Disputed.Add(partition);
            Owned[other].Remove(partition);
        }
        else if (_generations[member] > _generations[other])
        {
            Owned[other].Remove(partition);
            Owned[member].Add(partition);
        }
        else
        {
            return;
        }

        _owners[partition] = member;
    }

    private bool HaveAllTheSameTopics()
    {
        HashSet<string> first =
            [.. Members.Select(member => member.Topics).FirstOrDefault(topics => topics.Count > 0) ?? []];
        return Members.All(member => member.Topics.Count == first.Count && first.IsSupersetOf(member.Topics));
    }
}
