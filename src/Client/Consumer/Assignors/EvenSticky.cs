namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>Members with equal subscriptions: everyone gets the same number, or one more, and keeps what it
/// can.</summary>
internal sealed class EvenSticky
{
    private readonly StickyClaims _claims;
    private readonly Dictionary<string, List<TopicPartition>> _assignment;
    private readonly Dictionary<TopicPartition, string> _givenUp = [];
    private readonly List<string> _belowShare = [];
    private readonly List<string> _atShare = [];
    private readonly int _share;
    private readonly int _extras;
    private readonly int _most;
    private int _withExtra;

    public EvenSticky(StickyClaims claims)
    {
        _claims = claims;
        _assignment = claims.Input.NothingAssigned();
        (_share, _extras) = Math.DivRem(claims.Topics.Values.Sum(), Math.Max(claims.Members.Count, 1));
        _most = _share + (_extras > 0 ? 1 : 0);
    }

    /// <summary>Partitions that change their owner, with the new one.</summary>
    public Dictionary<TopicPartition, string> Transferred { get; } = [];

    public Dictionary<string, List<TopicPartition>> Assign()
    {
        HashSet<TopicPartition> kept = [];
        foreach (AssignorMember member in _claims.Members)
        {
            kept.UnionWith(Keep(member.Id));
        }

        List<TopicPartition> free = [];
        foreach ((string topic, int count) in _claims.Topics)
        {
            free.AddRange(Enumerable.Range(0, count).Select(partition => new TopicPartition(topic, partition))
                .Where(partition => !kept.Contains(partition)));
        }

        _belowShare.Sort(StringComparer.Ordinal);
        _atShare.Sort(StringComparer.Ordinal);
        if (_claims.Racks.AnyMember)
        {
            free = [.. free.OrderBy(_claims.Racks.MembersNear)]; // those with the fewest takers first
        }

        if (_claims.Racks.IsOfUse)
        {
            GiveToNear(free);
        }

        GiveInTurn(free);
        return _assignment;
    }

    private List<TopicPartition> Keep(string member)
    {
        List<TopicPartition> owned = [];
        foreach (TopicPartition partition in _claims.Owned[member])
        {
            if (_claims.Racks.IsOfUse && !_claims.Racks.IsNear(member, partition))
            {
                _givenUp[partition] = member;
            }
            else if (!_claims.Disputed.Contains(partition))
            {
                owned.Add(partition);
            }
        }

        owned.Sort(TopicPartitionOrder.ByNumber);
        int most = _share;
        if (owned.Count < _share)
        {
            _belowShare.Add(member);
            most = owned.Count;
        }
        else if (owned.Count >= _most && _withExtra < _extras)
        {
            most = _most;
            CountExtra();
        }
        else if (_withExtra < _extras)
        {
            _atShare.Add(member);
        }

        foreach (TopicPartition partition in owned.Skip(most))
        {
            _givenUp[partition] = member;
        }

        _assignment[member].AddRange(owned.Take(most));
        return _assignment[member];
    }

    private void CountExtra()
    {
        _withExtra++;
        if (_withExtra == _extras)
        {
            _atShare.Clear();
        }
    }

    private void GiveToNear(List<TopicPartition> free)
    {
        int turn = 0;
        free.RemoveAll(partition =>
        {
            int at = NextNear(partition, _belowShare, turn);
            if (at >= 0)
            {
                string member = _belowShare[at];
                Give(partition, member);
                int count = _assignment[member].Count;
                if (count < _share)
                {
                    at++;
                }
                else
                {
                    _belowShare.RemoveAt(at);
                    if (count < _most && _withExtra < _extras)
                    {
                        _atShare.Add(member);
                    }
                }

                turn = _belowShare.Count == 0 ? 0 : at % _belowShare.Count;
                return true;
            }

            at = NextNear(partition, _atShare, 0);
            if (at < 0)
            {
                return false;
            }

            string taker = _atShare[at];
            Give(partition, taker);
            if (_assignment[taker].Count == _most)
            {
                _atShare.RemoveAt(at);
                CountExtra();
            }

            return true;
        });
    }

    private int NextNear(TopicPartition partition, List<string> members, int first)
    {
        for (int i = 0; i < members.Count; i++)
        {
            int at = (first + i) % members.Count;
            if (_claims.Racks.RackOf(members[at]) is not null && _claims.Racks.IsNear(members[at], partition))
            {
                return at;
            }
        }

        return -1;
    }

    private void GiveInTurn(List<TopicPartition> free)
    {
        int at = 0;
        foreach (TopicPartition partition in free)
        {
            at = at < _belowShare.Count ? at : 0;
            bool isBelow = _belowShare.Count > 0;
            string member = isBelow ? _belowShare[at] : _atShare[0];
            Give(partition, member);
            if (!isBelow)
            {
                _atShare.RemoveAt(0);
            }
            else if (_assignment[member].Count == _share)
            {
                _belowShare.RemoveAt(at);
                _atShare.Add(member);
            }
            else
            {
                at++;
            }
        }
    }

    private void Give(TopicPartition partition, string member)
    {
        _assignment[member].Add(partition);
        bool isMoved = _givenUp.TryGetValue(partition, out string? owner) && owner != member;
        if (isMoved || _claims.Disputed.Contains(partition))
        {
            Transferred[partition] = member;
        }
    }
}
