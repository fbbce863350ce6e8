using KRaftSharp.Log.Assertions;

namespace KRaftSharp.Quorum.Raft.Roles;

/// <summary>The leader's book: how far each replica is, what is committed, whether a majority still fetches.</summary>
internal sealed class LeaderProgress
{
    /// <summary>How long an observer that no longer fetches is still described.</summary>
    private const int ObserverSessionMs = 300_000;

    private const int MostObservers = 10_000;

    private VoterSet _voters;
    private readonly ReplicaKey _self;
    private readonly SortedDictionary<int, ReplicaProgress> _others = [];
    private readonly SortedDictionary<ReplicaKey, ReplicaProgress> _observers = [];
    private readonly long _checkQuorumMs;

    public LeaderProgress(VoterSet voters, ReplicaKey self, long epochStartOffset, long nowMs, int fetchTimeoutMs)
    {
        _voters = voters;
        _self = self;
        EpochStartOffset = epochStartOffset;
        _checkQuorumMs = fetchTimeoutMs + (fetchTimeoutMs / 2);
        StartedMs = nowMs;
        ChangeVoters(voters);
    }

    public PlantedFaults Planted { get; init; }

    public long StartedMs { get; }

    /// <summary>The offset of the control batch that starts this leader's epoch.</summary>
    public long EpochStartOffset { get; }

    /// <summary>The voters but this replica, by id.</summary>
    public IReadOnlyDictionary<int, ReplicaProgress> OtherVoters => _others;

    public IReadOnlyDictionary<ReplicaKey, ReplicaProgress> Observers => _observers;

    /// <summary>With static voters: what each has told of itself in this epoch.</summary>
    public Dictionary<int, Voter> Described { get; } = [];

    private bool LeaderVotes => _voters.IsVoter(_self);

    /// <summary>The voters with what they told of themselves, this one included.</summary>
    public VoterSet DescribedVoters(Voter? own) => new(_voters.All.Select(voter =>
        own is { } self && self.Id == voter.Id ? self : Described.GetValueOrDefault(voter.Id, voter)));

    /// <summary>The log names other voters: who is known already keeps its place in the book.</summary>
    public void ChangeVoters(VoterSet voters)
    {
        _voters = voters;
        foreach ((int id, ReplicaProgress progress) in _others.ToArray())
        {
            if (!voters.TryGet(id, out Voter? voter) || !voter.Value.IsFor(progress.Key))
            {
                _others.Remove(id);
                _observers[progress.Key] = progress;
            }
        }

        foreach (Voter voter in voters.All)
        {
            if (!voter.IsFor(_self) && !_others.ContainsKey(voter.Id))
            {
                _others.Add(voter.Id, _observers.Remove(voter.Key, out ReplicaProgress? known)
                    ? known
                    : new ReplicaProgress(voter.Key));
            }
        }
    }

    /// <summary>
    /// The replica's entry; null for one that does not say who it is. A replica with a voter's id but another directory
    /// is an observer: the voter's log is not what it has.
    /// </summary>
    public ReplicaProgress? Find(ReplicaKey key, long nowMs)
    {
        if (_others.TryGetValue(key.Id, out ReplicaProgress? found)
            && (_voters.IsVoter(key) || Planted.HasFlag(PlantedFaults.AnyDirectoryVotes)))
        {
            return found;
        }

        if (_observers.TryGetValue(key, out found))
        {
            return found;
        }

        if (key.Id < 0 || key == _self || (key.Id == _self.Id && LeaderVotes))
        {
            return null;
        }

        if (_observers.Count >= MostObservers)
        {
            ForgetSilentObservers(nowMs);
        }

        found = new ReplicaProgress(key);
        return _observers.Count < MostObservers && _observers.TryAdd(key, found) ? found : null;
    }

    /// <summary>
    /// The greatest offset that a majority of voters holds durably, if it reaches into this epoch; else -1.
    /// </summary>
    /// <remarks>
    /// Sorted from the most to the least, entry [count / 2] is what a majority has also when the count is even: of
    /// four it is the third. Earlier epochs' records count as committed only together with one of this epoch (Raft,
    /// section 5.4.2).
    /// </remarks>
    /// <param name="ownDurableEnd">This node's log, as far as it was flushed.</param>
    public long MajorityOffset(long ownDurableEnd)
    {
        Span<long> ends = stackalloc long[_voters.Count];
        int at = 0;
        foreach (Voter voter in _voters.All)
        {
            ends[at++] = voter.IsFor(_self) ? ownDurableEnd : _others[voter.Id].EndOffset;
        }

        ends.Sort();
        if (Planted.HasFlag(PlantedFaults.RemovedLeaderCounts) && !LeaderVotes)
        {
            ends[0] = ownDurableEnd;
            ends.Sort();
        }

        int needed = Planted.HasFlag(PlantedFaults.MinorityHighWatermark) ? 0 : ends.Length / 2;
        long held = ends[ends.Length - 1 - needed];
        return held > EpochStartOffset ? held : -1;
    }

    /// <summary>When to stop leading unless more voters fetch; never for a single voter.</summary>
    public long CheckQuorumDeadlineMs()
    {
        int needed = _voters.Majority - (LeaderVotes ? 1 : 0);
        if (needed == 0)
        {
            return long.MaxValue;
        }

        Span<long> contacts = stackalloc long[_others.Count];
        int at = 0;
        foreach (ReplicaProgress voter in _others.Values)
        {
            contacts[at++] = Math.Max(voter.LastContactMs, StartedMs);
        }

        contacts.Sort();
        return contacts[^needed] + _checkQuorumMs;
    }

    /// <summary>The other voters, those with the longest logs first.</summary>
    public IReadOnlyList<ReplicaKey> Successors() =>
        [.. _others.Values.OrderByDescending(voter => voter.EndOffset).ThenBy(voter => voter.Key.Id)
            .Select(voter => voter.Key)];

    public void ForgetSilentObservers(long nowMs)
    {
        foreach (ReplicaKey key in _observers.Where(entry => entry.Value.LastContactMs + ObserverSessionMs < nowMs)
            .Select(entry => entry.Key).ToArray())
        {
            _observers.Remove(key);
        }
    }
}
