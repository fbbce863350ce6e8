using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>What the quorum has committed: where every controller stands, and where one returns to.</summary>
internal sealed class CommittedState(IReadOnlyList<VersionedRecord> bootstrapRecords)
{
    private readonly MetadataTransaction _transaction = new();

    public MetadataImage Image { get; private set; } = MetadataImage.Empty;

    /// <summary>What the first controller of a new cluster writes.</summary>
    public IReadOnlyList<VersionedRecord> BootstrapRecords { get; private set; } = bootstrapRecords;

    /// <summary>True when the log ends inside a metadata transaction.</summary>
    public bool IsTransactionOpen => _transaction.IsOpen;

    /// <summary>The offset after the last committed record.</summary>
    public long EndOffset => Image.Provenance.EndOffset;

    public void Commit(IReadOnlyList<CommittedBatch> batches)
    {
        MetadataDelta delta = new(Image);
        foreach (CommittedBatch batch in batches)
        {
            foreach (IMetadataRecord record in batch.Records)
            {
                _transaction.Replay(record, delta);
            }
        }

        CommittedBatch last = batches[^1];
        Image = delta.Apply(new LogPoint(last.Epoch, last.LastOffset + 1), last.AppendTimestampMs);
    }

    /// <summary>
    /// Replaces everything by a snapshot; the one at offset 0 only tells what a new cluster starts with.
    /// </summary>
    public void Load(ISnapshotReader reader)
    {
        List<IMetadataRecord> records = [];
        while (reader.ReadBatch() is { } batch)
        {
            records.AddRange(batch);
        }

        if (reader.SnapshotId.EndOffset == 0)
        {
            BootstrapRecords = [.. records.Select(record => new VersionedRecord(record, 0))];
            return;
        }

        MetadataDelta delta = new(MetadataImage.Empty);
        records.ForEach(delta.Replay);
        _transaction.Reset();
        Image = delta.Apply(reader.SnapshotId, reader.LastContainedTimestampMs);
    }

    /// <summary>Takes an image of the same content, so that it is kept once.</summary>
    public void Share(MetadataImage same) => Image = same;
}
