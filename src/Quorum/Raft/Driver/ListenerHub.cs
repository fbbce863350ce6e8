using KRaftSharp.Log;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Brings each listener snapshot, committed batches and leader changes in their order.</summary>
/// <remarks>Runs on the driver's strand.</remarks>
internal sealed class ListenerHub(
    MetadataLog log, CommittedReader reader, int nodeId, Func<LogPoint, ISnapshotReader> open)
{
    private readonly List<Entry> _entries = [];
    private LeaderAndEpoch _leader;
    private long _epochStartOffset;
    private long _highWatermark;

    /// <summary>Adds a listener; the next <see cref="Advance"/> begins with it.</summary>
    public void Add(IQuorumListener listener)
    {
        Entry entry = new(listener);
        _entries.Add(entry);
        if (_leader.LeaderId is not null || _leader.Epoch > 0)
        {
            Tell(entry);
        }
    }

    public void OnLeaderChanged(LeaderAndEpoch leader, long epochStartOffset)
    {
        if (_leader.IsLeader(nodeId))
        {
            reader.Forget();
        }

        _leader = leader;
        _epochStartOffset = epochStartOffset;
        foreach (Entry entry in _entries)
        {
            Tell(entry);
        }
    }

    public void OnCommitted(long highWatermark) => _highWatermark = highWatermark;

    /// <summary>Hands over about one chunk to each listener.</summary>
    /// <returns>True when there is more: call again, after what else waits.</returns>
    public bool Advance()
    {
        bool isMore = false;
        long slowest = long.MaxValue;
        for (int i = 0; i < _entries.Count; i++)
        {
            Entry entry = _entries[i];
            AdvanceOne(entry);
            isMore |= entry.NextOffset < _highWatermark;
            slowest = Math.Min(slowest, entry.NextOffset);
        }

        reader.Trim(slowest);
        return isMore;
    }

    private void AdvanceOne(Entry entry)
    {
        LogPoint? latest = log.LatestSnapshot;
        if (latest is { } snapshot && (entry.NextOffset < log.StartOffset || !entry.HasStarted))
        {
            entry.NextOffset = snapshot.EndOffset;
            entry.HasStarted = true;
            entry.Listener.HandleLoadSnapshot(open(snapshot));
        }

        if (entry.NextOffset < _highWatermark)
        {
            entry.HasStarted = true;
            IReadOnlyList<CommittedBatch> batches = reader.Read(entry.NextOffset, _highWatermark);
            entry.NextOffset = batches[^1].LastOffset + 1;
            entry.Listener.HandleCommit(batches);
        }

        if (entry.IsLeadershipPending && entry.NextOffset >= _epochStartOffset)
        {
            entry.IsLeadershipPending = false;
            entry.Listener.HandleLeaderChange(_leader);
        }
    }

    // A node hears that it leads itself only once it knows all that earlier leaders decided.
    private void Tell(Entry entry)
    {
        entry.IsLeadershipPending = _leader.IsLeader(nodeId);
        if (!entry.IsLeadershipPending)
        {
            entry.Listener.HandleLeaderChange(_leader);
        }
    }

    private sealed class Entry(IQuorumListener listener)
    {
        public IQuorumListener Listener => listener;

        public long NextOffset { get; set; }

        public bool HasStarted { get; set; }

        public bool IsLeadershipPending { get; set; }
    }
}
