using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Tests.Property.Raft;

/// <summary>Looks at every step of every node; the first violation ends the run.</summary>
internal sealed class RaftOracle(IReadOnlyList<ModelNode> nodes)
{
    private readonly Dictionary<int, int> _leaders = [];
    private readonly List<ModelEntry> _committed = [];

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
            CheckMajority(highWatermark);
        }
    }

    /// <summary>A majority's disks hold all that is committed.</summary>
    private void CheckMajority(long highWatermark)
    {
        int holders = nodes.Count(node => node.Log.DurableEnd >= highWatermark
            && Enumerable.Range(0, (int)highWatermark).All(i => node.Log.Entries[i] == _committed[i]));
        if (holders <= nodes.Count / 2)
        {
            throw new RaftViolationException(
                $"a majority of voters holds everything below the high watermark: {holders} hold {highWatermark}");
        }
    }
}
