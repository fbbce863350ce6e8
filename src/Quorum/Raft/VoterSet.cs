using System.Diagnostics.CodeAnalysis;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft;

/// <summary>Who votes; immutable, sorted by id.</summary>
public sealed class VoterSet
{
    private readonly Voter[] _voters;

    public VoterSet(IEnumerable<Voter> voters)
    {
        _voters = [.. voters.OrderBy(voter => voter.Id)];
        for (int i = 1; i < _voters.Length; i++)
        {
            if (_voters[i].Id == _voters[i - 1].Id)
            {
                throw new ArgumentException($"voter {_voters[i].Id} is named twice", nameof(voters));
            }
        }
    }

    public static VoterSet Empty { get; } = new([]);

    public IReadOnlyList<Voter> All => _voters;

    public int Count => _voters.Length;

    /// <summary>How many make a majority.</summary>
    public int Majority => (_voters.Length / 2) + 1;

    /// <summary>Voters without directory ids, as <c>controller.quorum.voters</c> names them.</summary>
    public static VoterSet FromEndpoints(IEnumerable<PeerEndpoint> endpoints) =>
        new(endpoints.Select(endpoint => new Voter(new ReplicaKey(endpoint.NodeId, default), endpoint)));

    public bool Contains(int id) => TryGet(id, out _);

    /// <summary>Whether this replica votes: node and, where the set knows it, directory.</summary>
    public bool IsVoter(ReplicaKey replica) => TryGet(replica.Id, out Voter? voter) && voter.Value.IsFor(replica);

    public bool TryGet(int id, [NotNullWhen(true)] out Voter? found)
    {
        foreach (Voter voter in _voters)
        {
            if (voter.Id == id)
            {
                found = voter;
                return true;
            }
        }

        found = null;
        return false;
    }

    /// <summary>With one more voter, or with this one in place of the one of its id.</summary>
    public VoterSet With(Voter voter) => new(_voters.Where(other => other.Id != voter.Id).Append(voter));

    /// <summary>Without the voter of this id.</summary>
    public VoterSet Without(int id) => new(_voters.Where(voter => voter.Id != id));

    /// <summary>Whether one voter more or less is all that differs: then any two majorities share a voter.</summary>
    public bool MajoritiesOverlap(VoterSet other)
    {
        int onlyHere = _voters.Count(voter => !other.IsVoter(voter.Key));
        int onlyThere = other._voters.Count(voter => !IsVoter(voter.Key));
        return onlyHere + onlyThere <= 1;
    }

    /// <summary>The keys as Kafka prints them in its error messages.</summary>
    public override string ToString() => $"[{string.Join(", ", _voters.Select(voter => voter.Key.ToKafkaString()))}]";
}
