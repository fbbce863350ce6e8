using KRaftSharp.History;
using KRaftSharp.Protocol;
using KRaftSharp.Tests.Property.Simulation.Clients;
using KRaftSharp.Tests.Property.Simulation.Transactions;

namespace KRaftSharp.Tests.Property.Simulation.Groups;

/// <summary>
/// A consumer in a group: reads what it owns from the committed offsets on, commits, goes and comes back, dies, and
/// sometimes stands still until the group has gone on without it.
/// </summary>
internal sealed class GroupMember
{
    private const int FetchWaitMs = 60;
    private readonly SimClient _client;
    private readonly ClusterView _view;
    private readonly ClientHistory _history;
    private readonly IMembership _membership;
    private readonly GroupTopic _topic;
    private readonly GroupOffsets _offsets;
    private readonly PartitionFetcher _fetcher;
    private readonly IGroupWork _work;
    private readonly SortedDictionary<PartitionId, Position> _positions = [];
    private readonly List<GroupIdentity> _past = [];
    private int _assignmentCount;

    public GroupMember(
        SimClient client, ClusterView view, ClientHistory history, IMembership membership, GroupTopic topic,
        GroupOffsets offsets, IGroupWork work)
    {
        (_client, _view, _history, _membership, _topic) = (client, view, history, membership, topic);
        _offsets = offsets;
        _work = work;
        _fetcher = new PartitionFetcher(client, view);
        membership.Revoking = CommitAllAsync;
    }

    /// <summary>It stays from now on, and comes to the end.</summary>
    public bool IsDraining { get; set; }

    public IReadOnlyList<PartitionId> Owned => _membership.IsMember ? _membership.Owned : [];

    public bool IsMember => _membership.IsMember;

    /// <summary>The values that it was given, of all partitions.</summary>
    public HashSet<string> Taken { get; } = new(StringComparer.Ordinal);

    public string State =>
        $"{_membership.State}; at {string.Join(' ', _positions.Select(entry => $"{entry.Key}:{entry.Value}"))}"
        + $"{(_work.State.Length > 0 ? "; " + _work.State : "")}";

    /// <summary>Whether it has committed all of what it owns up to there.</summary>
    public bool HasReached(Func<PartitionId, long> ends) => _membership.IsMember && _membership.Owned.All(partition =>
        _positions.TryGetValue(partition, out Position? position) && position.Committed == ends(partition));

    public async Task RunAsync()
    {
        await _client.WaitAsync(0, 1500);
        while (true)
        {
            await MisbehaveAsync();
            await _membership.StepAsync();
            if (!await TryTakeUpAsync())
            {
                await _client.WaitAsync(20, 150);
                continue;
            }

            foreach (PartitionId partition in _positions.Keys.ToList())
            {
                await ReadAsync(partition);
            }

            if (_client.Chance.Below(3) == 0)
            {
                await CommitAllAsync();
            }

            await _client.WaitAsync(5, 80);
        }
    }

    private async Task MisbehaveAsync()
    {
        if (_past.Count > 0 && _client.Chance.Below(20) == 0)
        {
            await CommitAsNobodyAnyMoreAsync();
        }

        if (IsDraining || !_membership.IsMember || _client.Chance.Below(120) > 0)
        {
            return;
        }

        Remember();
        switch (_client.Chance.Below(4))
        {
            case 0:
                await CommitAllAsync();
                await _membership.LeaveAsync();
                await _client.WaitAsync(100, 2500);
                break;
            case 1:
                _membership.Forget();
                _positions.Clear();
                _work.Crash();
                _client.Disconnect();
                await _client.WaitAsync(50, 3000);
                break;
            case 2:
                // The session ends meanwhile, and it does not know.
                await _client.WaitAsync(ClassicMembership.SessionTimeoutMs, 3 * ClassicMembership.SessionTimeoutMs);
                break;
            default:
                await _client.WaitAsync(200, ClassicMembership.SessionTimeoutMs);
                break;
        }
    }

    private void Remember()
    {
        if (_membership.IsMember && (_past.Count == 0 || _past[^1] != _membership.Identity))
        {
            _past.Add(_membership.Identity);
        }
    }

    /// <summary>A commit in a name that the group has gone beyond must be refused; it would take the group back.
    /// </summary>
    private async Task CommitAsNobodyAnyMoreAsync()
    {
        GroupIdentity identity = _past[_client.Chance.Below(_past.Count)];
        if (!_membership.IsPast(identity))
        {
            return;
        }

        var partition = new PartitionId(_topic.Topic, _client.Chance.Below(_topic.Partitions));
        OffsetCommit commit = _history.Operations.Commit(_topic.Group, partition, 0);
        ErrorCode? error = await _offsets.CommitAsync(identity, commit);
        if (error == ErrorCode.None)
        {
            _history.Anomalies.Add(
                $"a stale generation's commit is refused: {_topic.Group} took one of {identity}; {_membership.State}");
        }
    }

    /// <summary>Positions for what it owns; false while some are not known.</summary>
    private async Task<bool> TryTakeUpAsync()
    {
        if (_assignmentCount != _membership.AssignmentCount)
        {
            _positions.Clear();
            _assignmentCount = _membership.AssignmentCount;
        }

        Remember();
        foreach (PartitionId gone in _positions.Keys.Except(_membership.Owned).ToList())
        {
            _positions.Remove(gone);
        }

        foreach (PartitionId partition in _membership.Owned.Where(owned => !_positions.ContainsKey(owned)).ToList())
        {
            if (await _offsets.FetchAsync(partition) is not { } committed)
            {
                return false;
            }

            _positions[partition] = new Position(
                committed,
                _history.Operations.Read(
                    $"g{_client.Id}", partition, Isolation.ReadCommitted, Math.Max(0, committed)));
        }

        return _membership.IsMember;
    }

    private async Task ReadAsync(PartitionId partition)
    {
        Position position = _positions[partition];
        Fetched? fetched = await _fetcher.FetchAsync(
            partition, position.Reading.To, Isolation.ReadCommitted, FetchWaitMs);
        if (fetched is null || fetched.Error != ErrorCode.None)
        {
            await _view.RefreshAsync(partition.Topic);
            if (fetched is { Anomaly.Length: > 0 })
            {
                _history.Anomalies.Add($"{State}: {fetched.Anomaly}");
            }

            return;
        }

        foreach ((long offset, string value) in fetched.Records)
        {
            position.Reading.Take(offset, value);
            position.Open.Add(value);
            Taken.Add(value);
        }

        position.Reading.Pass(fetched.NextOffset);
    }

    private async Task CommitAllAsync()
    {
        foreach ((PartitionId partition, Position position) in _positions.ToList())
        {
            long to = position.Reading.To;
            if (to <= position.Committed || !_positions.ContainsKey(partition))
            {
                continue;
            }

            string[] values = [.. position.Open];
            bool isCommitted = await _work.CommitAsync(
                _membership, partition, Math.Max(0, position.Committed), to, values);
            if (isCommitted)
            {
                position.Committed = to;
                position.Open.RemoveRange(0, values.Length);
            }
            else if (_work.StartsAgain)
            {
                _positions.Remove(partition);
            }
        }
    }

    /// <summary>Where a member is in one of its partitions.</summary>
    private sealed class Position(long committed, Reading reading)
    {
        /// <summary>-1 while nothing is.</summary>
        public long Committed { get; set; } = committed;

        public Reading Reading => reading;

        /// <summary>Read and not committed.</summary>
        public List<string> Open { get; } = [];

        public override string ToString() => $"{reading.To}({Committed})";
    }
}
