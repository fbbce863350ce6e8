using System.Diagnostics.CodeAnalysis;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft;

/// <summary>Who votes; immutable, sorted by id. Static so far (kraft.version 0).</summary>
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

    public IReadOnlyList<Voter> All => _voters;

    public int Count => _voters.Length;

    /// <summary>How many make a majority.</summary>
    public int Majority => (_voters.Length / 2) + 1;

    /// <summary>Voters without directory ids, as <c>controller.quorum.voters</c> names them.</summary>
    public static VoterSet FromEndpoints(IEnumerable<PeerEndpoint> endpoints) =>
        new(endpoints.Select(endpoint => new Voter(new ReplicaKey(endpoint.NodeId, default), endpoint)));

    public bool Contains(int id) => TryGet(id, out _);

    public bool Contains(ReplicaKey key) => TryGet(key.Id, out Voter? voter) && voter.Value.Key.Matches(key);

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
}
