using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Quorum.Raft;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>
/// Turns what the quorum commits into images, hands each to the subscribers and writes snapshots. One a node, for
/// brokers and controllers alike.
/// </summary>
public sealed class MetadataLoader(
    MetadataLoaderSettings settings, IQuorum quorum, Strand strand, TimeProvider time, ILogger logger)
    : IQuorumListener
{
    private const int SnapshotChunkRecords = 1024;

    private readonly List<IMetadataSubscriber> _subscribers = [];
    private readonly List<IMetadataSubscriber> _waiting = [];
    private readonly MetadataTransaction _transaction = new();
    private readonly SnapshotTrigger _trigger = new(settings);
    private MetadataImage _loaded = MetadataImage.Empty;
    private volatile MetadataImage _current = MetadataImage.Empty;
    private bool _isCaughtUp;

    /// <summary>The last image that subscribers were given; any thread.</summary>
    public MetadataImage Current => _current;

    /// <summary>
    /// Adds a subscriber; any thread. Its first image comes once this node has read what was committed when it
    /// started, so that nobody acts on a state that is long over.
    /// </summary>
    public void Subscribe(IMetadataSubscriber subscriber) => strand.Post(() =>
    {
        _waiting.Add(subscriber);
        WelcomeWaiting();
    });

    public void HandleCommit(IReadOnlyList<CommittedBatch> batches) => strand.Post(() => Replay(batches));

    public void HandleLoadSnapshot(ISnapshotReader reader) => strand.Post(() => Load(reader));

    public void HandleLeaderChange(LeaderAndEpoch leader)
    {
    }

    private void Replay(IReadOnlyList<CommittedBatch> batches)
    {
        MetadataDelta delta = new(_loaded);
        CommittedBatch last = batches[^1];
        foreach (CommittedBatch batch in batches)
        {
            foreach (var record in batch.Records)
            {
                _transaction.Replay(record, delta);
            }

            _trigger.Add(batch);
        }

        _loaded = delta.Apply(new LogPoint(last.Epoch, last.LastOffset + 1), last.AppendTimestampMs);
        Publish(delta);
        if (!_transaction.IsOpen && _trigger.IsDue(time.WallClockMs()))
        {
            WriteSnapshot(settings.Planted.HasFlag(PlantedFaults.SnapshotWithoutTail) ? delta.Before : _loaded);
        }
    }

    private void Load(ISnapshotReader reader)
    {
        using (reader)
        {
            // The snapshot at offset 0 holds what a new cluster starts with: the controller writes it to the log.
            if (reader.SnapshotId.EndOffset == 0)
            {
                return;
            }

            MetadataDelta fromNothing = new(MetadataImage.Empty);
            while (reader.ReadBatch() is { } records)
            {
                foreach (var record in records)
                {
                    fromNothing.Replay(record);
                }
            }

            MetadataImage image = fromNothing.Apply(reader.SnapshotId, reader.LastContainedTimestampMs);
            MetadataDelta delta = MetadataDelta.Between(_loaded, image);
            _transaction.Reset();
            _loaded = image;
            _trigger.Reset();
            Publish(delta);
        }
    }

    private void Publish(MetadataDelta delta)
    {
        if (!_isCaughtUp)
        {
            WelcomeWaiting();
            return;
        }

        if (_transaction.IsOpen)
        {
            return;
        }

        // After a transaction the delta starts where the transaction did, not at the last batch.
        MetadataDelta published = ReferenceEquals(delta.Before, _current)
            ? delta
            : MetadataDelta.Between(_current, _loaded);
        _current = _loaded;
        foreach (IMetadataSubscriber subscriber in _subscribers)
        {
            subscriber.OnMetadataUpdate(published, _loaded);
        }

        WelcomeWaiting();
    }

    private void WelcomeWaiting()
    {
        if (!_isCaughtUp)
        {
            long end = _loaded.Provenance.EndOffset;
            if (end == 0 || end < quorum.HighWatermark || _transaction.IsOpen)
            {
                return;
            }

            _isCaughtUp = true;
            _current = _loaded;
            MetadataEvents.CaughtUp(logger, quorum.NodeId, end);
        }

        foreach (IMetadataSubscriber subscriber in _waiting)
        {
            _subscribers.Add(subscriber);
            subscriber.OnMetadataUpdate(MetadataDelta.Between(MetadataImage.Empty, _current), _current);
        }

        _waiting.Clear();
    }

    private void WriteSnapshot(MetadataImage content)
    {
        _trigger.Reset();
        using ISnapshotWriter? writer = quorum.CreateSnapshot(_loaded.Provenance, _loaded.LastTimestampMs);
        if (writer is null)
        {
            return;
        }

        foreach (VersionedRecord[] chunk in ImageWriter.Records(content).Chunk(SnapshotChunkRecords))
        {
            writer.Append(chunk);
        }

        writer.Freeze();
        MetadataEvents.SnapshotWritten(
            logger, quorum.NodeId, _loaded.Provenance.EndOffset, _loaded.Provenance.Epoch, writer.SizeBytes);
    }

}
