using System.Text.Json;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Broker.Admin.Live;

/// <summary>The newest decisions of the controller, kept for readers: a bounded ring of decoded metadata records.
/// </summary>
/// <remarks>Written on the quorum's strand, read on any thread.</remarks>
internal sealed class MetadataTail : IQuorumListener
{
    private const int Kept = 20_000;

    private readonly Lock _lock = new();
    private MetadataEntry[] _ring = new MetadataEntry[256];
    private long _count;
    private LeaderAndEpoch _leader;

    /// <summary>Called with what was committed, after it can be read. On the quorum's strand: must not block.</summary>
    public Action<IReadOnlyList<MetadataEntry>>? Committed { get; set; }

    /// <summary>Called when the quorum has another leader or epoch.</summary>
    public Action<LeaderAndEpoch>? LeaderChanged { get; set; }

    public LeaderAndEpoch Leader
    {
        get
        {
            lock (_lock)
            {
                return _leader;
            }
        }
    }

    public void HandleCommit(IReadOnlyList<CommittedBatch> batches)
    {
        List<MetadataEntry> entries = [];
        foreach (CommittedBatch batch in batches)
        {
            for (int i = 0; i < batch.Records.Count; i++)
            {
                entries.Add(new MetadataEntry(
                    batch.BaseOffset + i, batch.Epoch, batch.AppendTimestampMs, batch.Records[i]));
            }
        }

        lock (_lock)
        {
            foreach (MetadataEntry entry in entries)
            {
                if (_count == _ring.Length && _ring.Length < Kept)
                {
                    Array.Resize(ref _ring, Math.Min(Kept, 2 * _ring.Length));
                }

                _ring[_count++ % Kept] = entry;
            }
        }

        if (entries.Count > 0)
        {
            Committed?.Invoke(entries);
        }
    }

    public void HandleLoadSnapshot(ISnapshotReader reader) => reader.Dispose();

    public void HandleLeaderChange(LeaderAndEpoch leader)
    {
        lock (_lock)
        {
            _leader = leader;
        }

        LeaderChanged?.Invoke(leader);
    }

    /// <summary>Kept entries from an offset on, in order.</summary>
    public IReadOnlyList<MetadataEntry> From(long offset, int most)
    {
        lock (_lock)
        {
            List<MetadataEntry> found = [];
            for (long i = Math.Max(0, _count - Kept); i < _count && found.Count < most; i++)
            {
                if (_ring[i % Kept].Offset >= offset)
                {
                    found.Add(_ring[i % Kept]);
                }
            }

            return found;
        }
    }

    /// <summary>The newest entries, in order.</summary>
    public IReadOnlyList<MetadataEntry> Last(int most)
    {
        lock (_lock)
        {
            List<MetadataEntry> found = [];
            for (long i = Math.Max(0, _count - Math.Min(most, Kept)); i < _count; i++)
            {
                found.Add(_ring[i % Kept]);
            }

            return found;
        }
    }

    /// <summary>What the controller decided of one partition, as far back as entries are kept.</summary>
    public IReadOnlyList<MetadataEntry> StoryOf(Uuid topicId, int partition)
    {
        lock (_lock)
        {
            List<MetadataEntry> story = [];
            for (long i = Math.Max(0, _count - Kept); i < _count; i++)
            {
                bool isItsOwn = _ring[i % Kept].Record switch
                {
                    PartitionRecord record => record.TopicId == topicId && record.PartitionId == partition,
                    PartitionChangeRecord change => change.TopicId == topicId && change.PartitionId == partition,
                    _ => false,
                };
                if (isItsOwn)
                {
                    story.Add(_ring[i % Kept]);
                }
            }

            return story;
        }
    }
}

/// <summary>One committed metadata record.</summary>
internal readonly record struct MetadataEntry(long Offset, int Epoch, long TimestampMs, IMetadataRecord Record)
{
    public MetadataRecordData View()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            Record.WriteJson(json, Record.HighestVersion);
        }

        using JsonDocument document = JsonDocument.Parse(bytes.ToArray());
        return new MetadataRecordData(Offset, Epoch, TimestampMs, Record.GetType().Name, document.RootElement.Clone());
    }
}

/// <param name="Data">The record's fields, as Kafka's own tools write them.</param>
internal sealed record MetadataRecordData(long Offset, int Epoch, long TimestampMs, string Type, JsonElement Data);
