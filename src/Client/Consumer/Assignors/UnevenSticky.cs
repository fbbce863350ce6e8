namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>Members with different subscriptions: what is owned stays, the rest goes to those with the least, and then
/// partitions move while a move makes it more even.</summary>
internal sealed class UnevenSticky
{
    private readonly StickyClaims _claims;
    private readonly Racks _racks;
    private readonly Dictionary<string, HashSet<string>> _topicsOf = [];
    private readonly Dictionary<string, List<string>> _takers = [];
    private readonly Dictionary<TopicPartition, (string Member, int Generation)> _earlier = [];
    private readonly StickyMoves _moves = new();
    private Dictionary<string, List<TopicPartition>> _assignment;
    private Dictionary<TopicPartition, string> _owners = [];
    private SortedSet<string> _byLoad;
    private bool _mustRevoke;

    public UnevenSticky(StickyClaims claims)
    {
        _claims = claims;
        _racks = claims.Racks;
        _assignment = claims.Owned;
        _byLoad = new SortedSet<string>(Comparer<string>.Create(CompareLoad));
        foreach (string topic in claims.Topics.Keys)
        {
            _takers[topic] = [];
        }

        foreach (AssignorMember member in claims.Members)
        {
            _topicsOf[member.Id] = [.. member.Topics.Where(_takers.ContainsKey)];
            foreach (string topic in _topicsOf[member.Id])
            {
                _takers[topic].Add(member.Id);
            }
        }
    }

    public Dictionary<string, List<TopicPartition>> Assign()
    {
        RememberEarlierOwners();
        HashSet<TopicPartition> kept = KeepOwned();
        List<TopicPartition> all = [];
        foreach (string topic in _claims.Topics.Keys.OrderBy(topic => _takers[topic].Count))
        {
            all.AddRange(Enumerable.Range(0, _claims.Topics[topic]).Select(i => new TopicPartition(topic, i)));
        }

        List<TopicPartition> free = [.. all.Where(partition => !kept.Contains(partition))];
        foreach (string member in _assignment.Keys)
        {
            _byLoad.Add(member);
        }

        Balance(all, free);
        return _assignment;
    }

    private int CompareLoad(string? one, string? other) =>
        _assignment[one!].Count.CompareTo(_assignment[other!].Count) is not 0 and var order
            ? order
            : string.CompareOrdinal(one, other);

    private void RememberEarlierOwners()
    {
        foreach ((string member, (IReadOnlyList<TopicPartition> owned, int generation)) in _claims.Said)
        {
            if (generation >= _claims.LatestGeneration)
            {
                continue;
            }

            foreach (TopicPartition partition in owned)
            {
                if (!_earlier.TryGetValue(partition, out (string Member, int Generation) known)
                    || generation > known.Generation)
                {
                    _earlier[partition] = (member, generation);
                }
            }
        }
    }

    private HashSet<TopicPartition> KeepOwned()
    {
        HashSet<TopicPartition> kept = [];
        foreach ((string member, List<TopicPartition> partitions) in _assignment)
        {
            partitions.RemoveAll(partition =>
            {
                bool stays = _topicsOf[member].Contains(partition.Topic)
                    && (!_racks.IsOfUse || _racks.IsNear(member, partition));
                _mustRevoke |= !stays;
                return !stays;
            });
            kept.UnionWith(partitions);
            partitions.ForEach(partition => _owners[partition] = member);
        }

        return kept;
    }

    private void Balance(List<TopicPartition> all, List<TopicPartition> free)
    {
        bool isFirst = _assignment[_byLoad.Max!].Count == 0;
        HashSet<TopicPartition> placed = [];
        if (_racks.IsOfUse)
        {
            placed.UnionWith(free.Where(partition => Place(partition, mustBeNear: true)));
        }

        free.ForEach(partition => _ = placed.Contains(partition) || Place(partition, mustBeNear: false));
        all.RemoveAll(partition => _takers[partition.Topic].Count < 2);
        free.RemoveAll(partition => _takers[partition.Topic].Count < 2);
        Dictionary<string, List<TopicPartition>> settled = [];
        foreach (string member in _topicsOf.Keys.Where(member => !CanChange(member)))
        {
            _byLoad.Remove(member);
            _assignment.Remove(member, out List<TopicPartition>? partitions);
            settled[member] = partitions!;
        }

        Dictionary<string, List<TopicPartition>> before = _assignment.ToDictionary(
            pair => pair.Key, pair => new List<TopicPartition>(pair.Value));
        if (!_mustRevoke)
        {
            MoveWhileUneven(free);
        }

        bool isMoved = MoveWhileUneven(all);
        if (!isFirst && isMoved && Unevenness(_assignment) >= Unevenness(before))
        {
            _assignment = before; // moves for nothing
        }

        foreach ((string member, List<TopicPartition> partitions) in settled)
        {
            _assignment[member] = partitions;
        }
    }

    private bool Place(TopicPartition partition, bool mustBeNear)
    {
        string? taker = _byLoad.FirstOrDefault(member =>
            _topicsOf[member].Contains(partition.Topic) && (!mustBeNear || _racks.IsNear(member, partition)));
        if (taker is null)
        {
            return false;
        }

        _byLoad.Remove(taker);
        _assignment[taker].Add(partition);
        _owners[partition] = taker;
        _byLoad.Add(taker);
        return true;
    }

    /// <summary>Whether a member can get more, or has something that another could take.</summary>
    private bool CanChange(string member) => _assignment[member].Count < MostFor(member)
        || _assignment[member].Exists(partition => _takers[partition.Topic].Count >= 2);

    private int MostFor(string member) => _topicsOf[member].Sum(topic => _claims.Topics[topic]);

    private bool MoveWhileUneven(List<TopicPartition> partitions)
    {
        bool isMovedAtAll = false;
        bool isMoved;
        do
        {
            isMoved = false;
            foreach (TopicPartition partition in partitions)
            {
                if (IsEven())
                {
                    break;
                }

                isMoved |= MoveIfBetter(partition);
            }

            isMovedAtAll |= isMoved;
        }
        while (isMoved);
        return isMovedAtAll;
    }

    private bool MoveIfBetter(TopicPartition partition)
    {
        string owner = _owners[partition];
        int load = _assignment[owner].Count;
        if (_earlier.TryGetValue(partition, out (string Member, int Generation) earlier)
            && _assignment.TryGetValue(earlier.Member, out List<TopicPartition>? theirs) && load > theirs.Count + 1)
        {
            Move(partition, owner, earlier.Member);
            return true;
        }

        if (!_takers[partition.Topic].Exists(taker => load > _assignment[taker].Count + 1))
        {
            return false;
        }

        Move(partition, owner, _byLoad.First(member => _topicsOf[member].Contains(partition.Topic)));
        return true;
    }

    private void Move(TopicPartition wanted, string from, string to)
    {
        TopicPartition partition = _moves.BetterThan(wanted, from, to);
        string owner = _owners[partition];
        _byLoad.Remove(owner);
        _byLoad.Remove(to);
        _moves.Add(partition, owner, to);
        _assignment[owner].Remove(partition);
        _assignment[to].Add(partition);
        _owners[partition] = to;
        _byLoad.Add(to);
        _byLoad.Add(owner);
    }

    /// <summary>Whether no member could take a partition from one that has two more.</summary>
    private bool IsEven()
    {
        if (_byLoad.Count == 0 || _assignment[_byLoad.Min!].Count >= _assignment[_byLoad.Max!].Count - 1)
        {
            return true;
        }

        foreach (string member in _byLoad)
        {
            int load = _assignment[member].Count;
            if (load == MostFor(member))
            {
                continue;
            }

            foreach (string topic in _topicsOf[member])
            {
                for (int i = 0; i < _claims.Topics[topic]; i++)
                {
                    string owner = _owners[new TopicPartition(topic, i)];
                    if (owner != member && load + 1 < _assignment[owner].Count)
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    /// <summary>The sum of the differences between all pairs of members.</summary>
    private static long Unevenness(Dictionary<string, List<TopicPartition>> assignment)
    {
        int[] loads = [.. assignment.Values.Select(partitions => partitions.Count).Order()];
        long sum = 0;
        for (int i = 0; i < loads.Length; i++)
        {
            sum += (long)loads[i] * ((2 * i) - loads.Length + 1);
        }

        return sum;
    }
}
