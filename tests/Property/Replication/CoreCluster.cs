using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Property.Replication;

/// <summary>
/// Three partition states and a controller, moved by a story: appends, fetches, crashes, elections, ISR changes, and
/// news that come late. After each step the Partition section of INVARIANTS.md must hold.
/// </summary>
internal sealed class CoreCluster : IReplicaEligibility
{
    public const long LagTimeMs = 1000;

    /// <summary>From this byte on a step is the rarer one of its kind.</summary>
    private const byte Unusual = 192;

    private readonly CoreReplica[] _replicas = [new(1), new(2), new(3)];
    private readonly List<PartitionAssignment> _metadata = [new(1, 0, 0, [1, 2, 3], [1, 2, 3])];
    private readonly SortedDictionary<int, long> _unfenced = [];
    private readonly List<(int Epoch, int Offset, int Value)> _waiting = [];
    private readonly SortedDictionary<int, int> _acknowledged = [];
    private readonly Dictionary<(int Id, int Epoch), long> _highest = [];
    private readonly List<(int LeaderId, int Epoch, int LastEpoch, FollowerFetch Fetch)> _late = [];
    private readonly PlantedFault _fault;
    private long _nowMs;
    private long _nextBrokerEpoch = 1;
    private int _nextValue;

    public CoreCluster(PlantedFault fault)
    {
        _fault = fault;
        foreach (CoreReplica replica in _replicas)
        {
            Start(replica);
        }
    }

    /// <summary>The first broken invariant; null while all hold.</summary>
    public string? Broken { get; private set; }

    public int AcknowledgedCount => _acknowledged.Count;

    public long LocalBrokerEpoch => -1;

    private PartitionAssignment Now => _metadata[^1];

    public bool MayJoinIsr(int brokerId, long? brokerEpoch) =>
        brokerEpoch is { } epoch && _unfenced.TryGetValue(brokerId, out long known) && known == epoch;

    public bool IsAlive(int brokerId) => _unfenced.ContainsKey(brokerId);

    public void Step(byte what, byte who)
    {
        CoreReplica replica = _replicas[who % _replicas.Length];
        switch (what % 16)
        {
            case 0 or 1 or 2 when replica.IsLeader:
                Append(replica);
                break;
            case 3 when who >= Unusual && replica.IsUp && replica.State.Role == PartitionRole.Follower:
                _late.Add((replica.State.LeaderId, replica.State.LeaderEpoch, replica.LatestEpoch,
                    new FollowerFetch(replica.Id, replica.BrokerEpoch, replica.Log.Count, 0, _nowMs)));
                break;
            case 3 or 4 or 5 or 6 or 7 when replica.IsUp && replica.State.Role == PartitionRole.Follower:
                Fetch(replica, 1 + (who / 64));
                break;
            case 8 or 9 when replica.IsUp && replica.Heard < _metadata.Count:
                Hear(replica);
                break;
            case 10 when replica.IsUp:
                Crash(replica);
                if (who >= Unusual && !Now.Isr.Contains(replica.Id))
                {
                    replica.LoseTail();
                }

                break;
            case 11 when !replica.IsUp:
                Start(replica);
                break;
            case 12 when who >= Unusual && _late.Count > 0:
                Arrive(_late[who % _late.Count]);
                break;
            case 12:
                _nowMs += 400;
                replica.Proposal ??= replica.IsLeader ? replica.State.ProposeShrink(_nowMs) : null;
                break;
            case 13 when replica is { IsUp: true, Proposal: { } proposal, Answer: null }:
                replica.Answer = Alter(replica, proposal);
                break;
            case 14 when replica is { IsUp: true, Proposal: { } proposal, Answer: { } answer }:
                replica.Proposal = null;
                replica.Answer = null;
                replica.State.Answered(proposal, answer, _nowMs, out _);
                replica.PublishHighWatermark();
                break;
            case 15 when Now.Isr.Contains(replica.Id) && _unfenced.ContainsKey(replica.Id):
                Commit(Now with { LeaderId = replica.Id, LeaderEpoch = Now.LeaderEpoch + 1 });
                break;
        }

        Acknowledge();
        Check();
    }

    private void Append(CoreReplica leader)
    {
        leader.Append(_nextValue, _nowMs);
        _waiting.Add((leader.State.LeaderEpoch, leader.Log.Count - 1, _nextValue));
        if (_fault == PlantedFault.AcknowledgesOnAppend)
        {
            _acknowledged[leader.Log.Count - 1] = _nextValue;
        }

        _nextValue++;
    }

    private void Fetch(CoreReplica follower, int most)
    {
        CoreReplica? leader = Array.Find(_replicas, candidate =>
            candidate.Id == follower.State.LeaderId && candidate.IsLeader
            && candidate.State.LeaderEpoch == follower.State.LeaderEpoch);
        if (leader is null)
        {
            return;
        }

        follower.Fetch(leader, most, _nowMs);
        leader.Proposal ??= leader.State.ProposeExpansion(follower.Id);
        if (_fault == PlantedFault.ExpandsTooEarly && leader.Id == Now.LeaderId && !Now.Isr.Contains(follower.Id)
            && _unfenced.ContainsKey(follower.Id))
        {
            Commit(Now with { Isr = [.. Now.Isr, follower.Id] });
        }
    }

    /// <summary>A fetch that was under way for long, perhaps of an earlier life of its broker.</summary>
    private void Arrive((int LeaderId, int Epoch, int LastEpoch, FollowerFetch Fetch) late)
    {
        _late.Remove(late);
        if (Array.Find(_replicas, one => one.Id == late.LeaderId) is { IsLeader: true } leader
            && leader.State.LeaderEpoch == late.Epoch
            && leader.Holds(late.LastEpoch, late.Fetch.FetchOffset))
        {
            leader.State.Fetched(late.Fetch, out _);
            leader.PublishHighWatermark();
        }
    }

    private void Hear(CoreReplica replica) => replica.Assign(
        _metadata[replica.Heard++], _nowMs, _fault == PlantedFault.TruncatesToHighWatermark);

    private void Start(CoreReplica replica)
    {
        replica.Start(_nextBrokerEpoch++, this);
        _unfenced[replica.Id] = replica.BrokerEpoch;
        if (Now.LeaderId < 0 && Now.Isr.Contains(replica.Id))
        {
            Commit(Now with { LeaderId = replica.Id, LeaderEpoch = Now.LeaderEpoch + 1 });
        }

        // A process that starts first reads what is decided up to then.
        replica.Heard = _metadata.Count - 1;
        Hear(replica);
    }

    private void Crash(CoreReplica replica)
    {
        replica.Crash();
        _unfenced.Remove(replica.Id);
        if (!Now.Isr.Contains(replica.Id))
        {
            return;
        }

        int[] isr = Now.Isr.Count == 1 ? [.. Now.Isr] : [.. Now.Isr.Where(id => id != replica.Id)];
        if (Now.LeaderId != replica.Id)
        {
            Commit(Now with { Isr = isr });
            return;
        }

        int leader = isr.FirstOrDefault(_unfenced.ContainsKey, -1);
        Commit(Now with { Isr = isr, LeaderId = leader, LeaderEpoch = Now.LeaderEpoch + 1 });
    }

    private IsrAnswer Alter(CoreReplica leader, IsrProposal proposal)
    {
        if (leader.Id != Now.LeaderId || proposal.LeaderEpoch != Now.LeaderEpoch)
        {
            return IsrAnswer.Failed(ErrorCode.FencedLeaderEpoch);
        }

        if (proposal.PartitionEpoch != Now.PartitionEpoch)
        {
            return IsrAnswer.Failed(ErrorCode.InvalidUpdateVersion);
        }

        if (proposal.NewIsr.Any(member => !_unfenced.TryGetValue(member.BrokerId, out long epoch)
            || (member.BrokerEpoch != -1 && member.BrokerEpoch != epoch)))
        {
            return IsrAnswer.Failed(ErrorCode.IneligibleReplica);
        }

        Commit(Now with { Isr = [.. proposal.NewIsr.Select(member => member.BrokerId)] });
        return new IsrAnswer(ErrorCode.None, Now.LeaderId, Now.LeaderEpoch, Now.PartitionEpoch, Now.Isr);
    }

    private void Commit(PartitionAssignment next) =>
        _metadata.Add(next with { PartitionEpoch = Now.PartitionEpoch + 1 });

    /// <summary>Answers acks=all as a leader does: once its own high watermark has passed the record.</summary>
    private void Acknowledge() => _waiting.RemoveAll(waiting =>
    {
        CoreReplica? leader = Array.Find(
            _replicas, replica => replica.IsLeader && replica.State.LeaderEpoch == waiting.Epoch);
        if (leader is null || leader.HighWatermark <= waiting.Offset)
        {
            return false;
        }

        _acknowledged[waiting.Offset] = waiting.Value;
        return true;
    });

    private void Check()
    {
        foreach (CoreReplica replica in _replicas.Where(replica => replica.IsUp))
        {
            Require(replica.HighWatermark <= replica.Log.Count, $"high watermark <= log end on {replica.Id}");
            if (replica.IsLeader)
            {
                (int, int) term = (replica.Id, replica.State.LeaderEpoch);
                Require(
                    replica.HighWatermark >= _highest.GetValueOrDefault(term),
                    $"the high watermark never decreases in a leader's term: {term}");
                _highest[term] = replica.HighWatermark;
            }
        }

        foreach (CoreReplica left in _replicas)
        {
            foreach (CoreReplica right in _replicas)
            {
                int common = (int)Math.Min(left.HighWatermark, right.HighWatermark);
                Require(
                    left.Log.Take(common).SequenceEqual(right.Log.Take(common)),
                    $"logs agree below the smaller high watermark: {left.Id} and {right.Id}");
            }
        }

        // Whoever is in the ISR may be elected at any time, so each must hold what was acknowledged.
        foreach (int id in Now.Isr)
        {
            CoreReplica member = _replicas[id - 1];
            Require(
                _acknowledged.All(record => member.Log.Count > record.Key
                    && member.Log[record.Key].Value == record.Value),
                $"a member of the ISR holds every acknowledged record: {id}");
        }
    }

    private void Require(bool condition, string what) => Broken ??= condition ? null : what;
}
