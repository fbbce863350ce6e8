using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Messages;

namespace KRaftSharp.Tests.Property.Raft;

/// <summary>Looks at every step of every node; the first violation ends the run.</summary>
internal sealed class RaftOracle(IReadOnlyList<ModelNode> nodes)
{
    private readonly Dictionary<int, int> _leaders = [];
    private readonly List<ModelEntry> _committed = [];
    private readonly Dictionary<ReplicaKey, IReadOnlyList<ModelEntry>> _lost = [];

    public int CommittedCount => _committed.Count;

    public void OnLeader(int nodeId, int epoch)
    {
        if (!_leaders.TryAdd(epoch, nodeId) && _leaders[epoch] != nodeId)
        {
            throw new RaftViolationException(
                $"at most one leader in an epoch: {_leaders[epoch]} and {nodeId} in {epoch}");
        }
    }

    public static void OnEpoch(ModelNode node)
    {
        int epoch = node.Replica!.Election.Epoch;
        if (epoch < node.Disk.Epoch || epoch < node.LastEpoch)
        {
            throw new RaftViolationException($"epoch never decreases: node {node.Id}, {node.LastEpoch} then {epoch}");
        }

        node.LastEpoch = epoch;
    }

    /// <summary>What an answer tells of the epoch, or promises by a vote, has to survive a crash.</summary>
    public static void OnReply(ModelNode node, RaftReply reply)
    {
        ElectionState election = node.Replica!.Election;
        bool isVoteDurable = reply is not RaftReply.Vote { Granted: true } || node.Disk.Epoch > election.Epoch
            || node.Disk.SameVote(election);
        if (reply.Leader.Epoch > node.Disk.Epoch || !isVoteDurable)
        {
            throw new RaftViolationException(
                $"vote and epoch are on stable storage before the reply leaves: node {node.Id} says {reply}, its disk "
                + $"{node.Disk}");
        }
    }

    public void OnCommit(ModelNode node, long highWatermark)
    {
        if (highWatermark < node.HighWatermark)
        {
            throw new RaftViolationException($"high watermark never decreases: node {node.Id}, {highWatermark}");
        }

        node.HighWatermark = highWatermark;
        for (int i = 0; i < highWatermark; i++)
        {
            if (i == _committed.Count)
            {
                _committed.Add(node.Log.Entries[i]);
            }
            else if (node.Log.Entries[i] != _committed[i])
            {
                throw new RaftViolationException(
                    $"what is committed is never rewritten: node {node.Id} at {i} has {node.Log.Entries[i]}, "
                    + $"committed was {_committed[i]}");
            }
        }

        if (node.Replica!.Role == RaftRole.Leader)
        {
            CheckMajority(node, highWatermark);
        }
    }

    /// <summary>At most one uncommitted voter change; a leader's own first batch may repeat what there is.</summary>
    public void OnVoters(ModelNode node)
    {
        // A leader that has just started does not know yet what is committed; the run does.
        if (node.Replica is not { Role: RaftRole.Leader } || !(node.Log.Voters.Offset >= _committed.Count))
        {
            return;
        }

        VoterSet? before = node.Log.Voters.At(_committed.Count).Voters;
        int changes = 0;
        for (int i = _committed.Count; i < node.Log.EndOffset; i++)
        {
            if (node.Log.Entries[i].Voters is { } voters)
            {
                changes += before is null || before.All.Select(voter => voter.Key).SequenceEqual(
                    voters.All.Select(voter => voter.Key)) ? 0 : 1;
                before = voters;
            }
        }

        if (changes > 1)
        {
            throw new RaftViolationException(
                $"at most one uncommitted voter change: node {node.Id} has {changes} above {_committed.Count}");
        }
    }

    /// <summary>What a voter held when its disk was lost: it was one of those that committed it.</summary>
    public void OnDiskLost(ModelNode node) => _lost[node.Key] = [.. node.Log.Entries.Take((int)node.Log.DurableEnd)];

    /// <summary>A majority's disks hold all that is committed, or held it until they were lost.</summary>
    private void CheckMajority(ModelNode leader, long highWatermark)
    {
        VoterSet voters = leader.Replica!.Voters;
        int holders = voters.All.Count(voter => Holds(voter, highWatermark));
        if (holders < voters.Majority)
        {
            throw new RaftViolationException(
                $"a majority of voters holds everything below the high watermark: {holders} of {voters} hold "
                + $"{highWatermark}");
        }
    }

    private bool Holds(Voter voter, long highWatermark)
    {
        ModelNode node = nodes[voter.Id];
        IReadOnlyList<ModelEntry> durable = voter.IsFor(node.Key)
            ? [.. node.Log.Entries.Take((int)node.Log.DurableEnd)]
            : _lost.GetValueOrDefault(voter.Key, []);
        return durable.Count >= highWatermark
            && durable.Take((int)highWatermark).SequenceEqual(_committed.Take((int)highWatermark));
    }
}
