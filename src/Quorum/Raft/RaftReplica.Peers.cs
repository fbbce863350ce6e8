using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Raft.Roles;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft;

/// <summary>Whom this replica talks to: the voters of its log, the leader, and who was configured.</summary>
internal sealed partial class RaftReplica
{
    /// <summary>Bootstrap servers have no id yet: the first is -2, as in Kafka.</summary>
    private const int FirstBootstrapId = -2;

    /// <summary>Where the present leader listens, as far as this replica knows.</summary>
    public PeerEndpoint? LeaderEndpoint =>
        _election.LeaderId is not { } leader ? null : leader == _self.Id ? OwnEndpoint : EndpointOf(leader);

    private PeerEndpoint? OwnEndpoint => _voters.TryGet(_self.Id, out Voter? listed) && KRaftVersion == 0
        ? listed.Value.Endpoint
        : _settings.OwnVoter?.Endpoint ?? listed?.Endpoint;

    private bool IsReachable(int id, PeerEndpoint? endpoint) =>
        id >= 0 && id != _self.Id && (endpoint is not null || _voters.Contains(id));

    // What the leader says of itself is newer than what this log says of it, but a static configuration is meant.
    private PeerEndpoint? EndpointOf(int id)
    {
        if (id <= FirstBootstrapId)
        {
            return _settings.BootstrapServers[FirstBootstrapId - id];
        }

        PeerEndpoint? learned = _leaderEndpoint is { } endpoint && endpoint.NodeId == id ? endpoint : null;
        PeerEndpoint? listed = _voters.TryGet(id, out Voter? voter) ? voter.Value.Endpoint : null;
        return _log.Voters.KRaftVersion > 0 ? learned ?? listed : listed ?? learned;
    }

    private void Send(PeerSlot slot, int to, RaftRequest request)
    {
        if (EndpointOf(to) is { } endpoint)
        {
            Send(slot, to, endpoint, request);
        }
    }

    private void Send(PeerSlot slot, int to, PeerEndpoint endpoint, RaftRequest request)
    {
        long id = ++_lastRequestId;
        slot.Sent(id);
        _held.Add(new RaftEffect.Send(to, endpoint, id, request));
    }

    /// <summary>Takes over the voters that the log names, which may have changed since the last step.</summary>
    private void SyncVoters(long nowMs)
    {
        VoterHistory history = _log.Voters;
        if (ReferenceEquals(history.Current, _voters))
        {
            return;
        }

        _voters = history.Current;
        _isVoter = _voters.IsVoter(_self);
        MakeSlots();
        _leader?.ChangeVoters(_voters);
        OnVotersInLog(history);
        if (_role is RaftRole.Prospective or RaftRole.Candidate)
        {
            BecomeUnattached(nowMs, _election.Epoch, "the voters changed");
        }
        else if (_role == RaftRole.Unattached)
        {
            _roleDeadlineMs = CanLead ? Math.Min(_roleDeadlineMs, nowMs + _timing.Election()) : long.MaxValue;
        }
    }

    private void MakeSlots()
    {
        SortedSet<int> voters = [.. _voters.All.Select(voter => voter.Id).Where(id => id != _self.Id)];
        Keep(_control, voters);
        SortedSet<int> sources = [.. voters];
        if (_follower is { } follower)
        {
            sources.Add(follower.LeaderId);
        }

        for (int i = 0; i < _settings.BootstrapServers.Count; i++)
        {
            PeerEndpoint server = _settings.BootstrapServers[i];
            if (!_voters.All.Any(voter => IsSame(server, voter.Endpoint.Host, voter.Endpoint.Port))
                && !_settings.OwnListeners.Any(own => IsSame(server, own.Host, own.Port)))
            {
                sources.Add(FirstBootstrapId - i);
            }
        }

        Keep(_fetch, sources);
    }

    private static bool IsSame(PeerEndpoint server, string host, int port) =>
        server.Port == port && string.Equals(server.Host, host, StringComparison.OrdinalIgnoreCase);

    private static void Keep(SortedDictionary<int, PeerSlot> slots, SortedSet<int> ids)
    {
        foreach (int gone in slots.Keys.Where(id => !ids.Contains(id)).ToArray())
        {
            slots.Remove(gone);
        }

        foreach (int id in ids)
        {
            if (!slots.ContainsKey(id))
            {
                slots.Add(id, new PeerSlot());
            }
        }
    }
}
