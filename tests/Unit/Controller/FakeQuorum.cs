using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Tests.Unit.Controller;

/// <summary>
/// A quorum of one in memory: it commits when it is told to, and may lose its leadership and what is uncommitted.
/// </summary>
internal sealed class FakeQuorum(int nodeId) : IQuorum
{
    private readonly List<CommittedBatch> _batches = [];
    private readonly List<IQuorumListener> _listeners = [];
    private int _handedBatches;
    private int _committedBatches;

    public int NodeId => nodeId;

    public LeaderAndEpoch Leader { get; private set; } = new(null, 0);

    public long HighWatermark => _committedBatches == 0 ? 0 : _batches[_committedBatches - 1].LastOffset + 1;

    public long LogEndOffset => _batches.Count == 0 ? 0 : _batches[^1].LastOffset + 1;

    public LogPoint? LatestSnapshotId => null;

    public VoterSet Voters { get; } = VoterSet.FromEndpoints([]);

    public PeerEndpoint? LeaderEndpoint => null;

    public short KRaftVersion { get; set; }

    /// <summary>Why the voters do not allow a higher kraft.version; null when they do.</summary>
    public string? UpgradeRefusal { get; set; }

    /// <summary>Commits each append at once; else <see cref="CommitAll"/> does.</summary>
    public bool CommitsAtOnce { get; set; } = true;

    /// <summary>All committed records so far.</summary>
    public IEnumerable<IMetadataRecord> CommittedRecords =>
        _batches.Take(_committedBatches).SelectMany(batch => batch.Records);

    public List<FakeSnapshotWriter> Snapshots { get; } = [];

    public void Register(IQuorumListener listener) => _listeners.Add(listener);

    public long? TryAppend(int epoch, IReadOnlyList<VersionedRecord> records, bool atomic = true)
    {
        if (!Leader.IsLeader(nodeId) || Leader.Epoch != epoch)
        {
            return null;
        }

        Assert.NotEmpty(records);
        Append([.. records.Select(record => record.Record)]);
        long last = LogEndOffset - 1;
        if (CommitsAtOnce)
        {
            CommitAll();
        }

        return last;
    }

    /// <summary>Makes this node the leader of the next epoch.</summary>
    public void Lead()
    {
        Leader = new LeaderAndEpoch(nodeId, Leader.Epoch + 1);
        Append([]);
        CommitAll();
        Tell();
    }

    /// <summary>Another node leads from now on; what is uncommitted is gone but for the first batches.</summary>
    public void Lose(int keptBatches = 0)
    {
        int kept = Math.Min(_batches.Count, _committedBatches + keptBatches);
        _batches.RemoveRange(kept, _batches.Count - kept);
        Leader = new LeaderAndEpoch(nodeId + 100, Leader.Epoch + 1);
        Tell();
        Append([]);
        CommitAll();
    }

    /// <summary>Another leader's records.</summary>
    public void AppendByOther(params IMetadataRecord[] records)
    {
        Append(records);
        CommitAll();
    }

    public void CommitAll()
    {
        _committedBatches = _batches.Count;
        Hand();
    }

    public void CommitOne()
    {
        _committedBatches = Math.Min(_batches.Count, _committedBatches + 1);
        Hand();
    }

    public void UpgradeKRaftVersion(
        int epoch, short level, bool validateOnly, Action<ErrorCode, string?> completion)
    {
        KRaftVersion = UpgradeRefusal is null && !validateOnly ? level : KRaftVersion;
        completion(UpgradeRefusal is null ? ErrorCode.None : ErrorCode.InvalidUpdateVersion, UpgradeRefusal);
    }

    public void Resign(int epoch) => Lose();

    public ISnapshotWriter? CreateSnapshot(LogPoint id, long lastContainedTimestampMs)
    {
        FakeSnapshotWriter writer = new(id);
        Snapshots.Add(writer);
        return writer;
    }

    public void Handle(IApiMessage request, short version, Action<IApiMessage, IDisposable?> respond) =>
        throw new NotSupportedException();

    public Task StartAsync() => Task.CompletedTask;

    public Task ShutdownAsync() => Task.CompletedTask;

    private void Append(IReadOnlyList<IMetadataRecord> records)
    {
        long baseOffset = LogEndOffset;
        long last = baseOffset + Math.Max(records.Count, 1) - 1;
        _batches.Add(new CommittedBatch(baseOffset, last, Leader.Epoch, 1_000 + last, records, 100));
    }

    private void Hand()
    {
        if (_handedBatches == _committedBatches)
        {
            return;
        }

        List<CommittedBatch> next = _batches.GetRange(_handedBatches, _committedBatches - _handedBatches);
        _handedBatches = _committedBatches;
        _listeners.ForEach(listener => listener.HandleCommit(next));
    }

    private void Tell() => _listeners.ForEach(listener => listener.HandleLeaderChange(Leader));
}
