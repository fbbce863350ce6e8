using KRaftSharp.Log;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Driver;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Quorum;

/// <summary>What one life of a node hears from its quorum replica: the state machine that it drives.</summary>
internal sealed class QuorumStory(SimWorld world, QuorumModel model, RaftDriver driver, int nodeId) : IQuorumListener
{
    private readonly List<string> _names = [];
    private long _nextOffset;
    private int _lastEpoch;
    private long _lastTimestampMs;

    /// <summary>The epoch in which this node may append; -1 while it does not lead.</summary>
    public int LeadingEpoch { get; private set; } = -1;

    public LeaderAndEpoch Leader { get; private set; }

    public long NextOffset => _nextOffset;

    public Action<IReadOnlyList<string>>? Committed { get; init; }

    public void HandleCommit(IReadOnlyList<CommittedBatch> batches)
    {
        foreach (CommittedBatch batch in batches)
        {
            world.Violations.Require(batch.BaseOffset == _nextOffset, "commits come in order and without gaps", () =>
                $"node {nodeId} is handed {batch.BaseOffset} after {_nextOffset}");
            List<string> names = [.. batch.Records.OfType<TopicRecord>().Select(record => record.Name)];
            model.Check(nodeId, batch.BaseOffset, batch.LastOffset, batch.Epoch, names);
            _nextOffset = batch.LastOffset + 1;
            _lastEpoch = batch.Epoch;
            _lastTimestampMs = batch.AppendTimestampMs;
            _names.AddRange(names);
            if (LeadingEpoch >= 0)
            {
                Committed?.Invoke(names);
            }
        }
    }

    public void HandleLoadSnapshot(ISnapshotReader reader)
    {
        using ISnapshotReader owned = reader;
        _names.Clear();
        while (owned.ReadBatch() is { } records)
        {
            _names.AddRange(records.OfType<TopicRecord>().Select(record => record.Name));
        }

        world.Violations.Require(LeadingEpoch < 0, "a leader never loads a snapshot", () => $"node {nodeId}");
        world.Say($"node {nodeId}", $"loads snapshot {owned.SnapshotId}");
        model.CheckSnapshot(nodeId, owned.SnapshotId.EndOffset, _names);
        _nextOffset = owned.SnapshotId.EndOffset;
        _lastEpoch = owned.SnapshotId.Epoch;
        _lastTimestampMs = owned.LastContainedTimestampMs;
    }

    public void HandleLeaderChange(LeaderAndEpoch leader)
    {
        world.Violations.Require(leader.Epoch >= Leader.Epoch, "epoch never decreases", () =>
            $"node {nodeId} hears of {leader} after {Leader}");
        Leader = leader;
        LeadingEpoch = leader.IsLeader(nodeId) ? leader.Epoch : -1;
        world.Say($"node {nodeId}", leader.ToString());
        // It hears of itself only after it was handed everything that any leader before it has committed.
        world.Violations.Require(
            LeadingEpoch < 0 || _nextOffset >= model.EndOffsetBefore(leader.Epoch),
            "an elected leader holds all that is committed",
            () => $"node {nodeId}, {leader}, was handed {_nextOffset} of {model.EndOffsetBefore(leader.Epoch)}");
    }

    /// <summary>Writes a snapshot of all it has heard.</summary>
    public void WriteSnapshot()
    {
        if (_nextOffset == 0)
        {
            return;
        }

        using ISnapshotWriter? writer = driver.CreateSnapshot(new LogPoint(_lastEpoch, _nextOffset), _lastTimestampMs);
        if (writer is null)
        {
            return;
        }

        foreach (string[] part in _names.Chunk(50))
        {
            writer.Append([.. part.Select(name => new VersionedRecord(new TopicRecord { Name = name }, 0))]);
        }

        writer.Freeze();
        world.Say($"node {nodeId}", $"writes snapshot {writer.SnapshotId}");
    }
}
