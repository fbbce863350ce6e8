namespace KRaftSharp.Quorum.Raft.Roles;

/// <summary>The votes of one election or pre-election, the own one counted from the start if it counts.</summary>
internal sealed class ElectionTally
{
    private readonly VoterSet _voters;
    private readonly SortedSet<int> _granted = [];
    private readonly SortedSet<int> _rejected = [];
    private readonly SortedSet<int> _unreachable = [];

    public ElectionTally(VoterSet voters, ReplicaKey self)
    {
        _voters = voters;
        if (voters.IsVoter(self))
        {
            _granted.Add(self.Id);
        }
    }

    public IReadOnlyCollection<int> Granted => _granted;

    public bool IsWon => _granted.Count >= _voters.Majority;

    /// <summary>No majority can come of it: too many said no, or cannot be asked now.</summary>
    public bool IsLost => _voters.Count - _rejected.Count - _unreachable.Count < _voters.Majority;

    public bool IsOpen(int voterId) => !_granted.Contains(voterId) && !_rejected.Contains(voterId);

    /// <summary>Counts an answer; of several of one voter the first counts.</summary>
    public void Record(int voterId, bool granted)
    {
        if (_voters.Contains(voterId) && IsOpen(voterId))
        {
            (granted ? _granted : _rejected).Add(voterId);
            _unreachable.Remove(voterId);
        }
    }

    /// <summary>Nobody listens there.</summary>
    public void RecordUnreachable(int voterId)
    {
        if (IsOpen(voterId))
        {
            _unreachable.Add(voterId);
        }
    }
}
