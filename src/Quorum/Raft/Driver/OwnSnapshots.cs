using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Finishes the snapshots that this node writes itself, and lets the log drop what they cover.</summary>
internal sealed class OwnSnapshots(DriverContext context, MetadataLog log, Action<Exception> failed)
{
    /// <summary>Where the snapshot that was begun last ends, until it is discarded; any thread.</summary>
    private long _begunEndOffset = -1;

    /// <summary>The last snapshot that was being finished.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Called on the strand after a snapshot was taken into the list.</summary>
    public Action? Added { get; set; }

    /// <summary>
    /// Null while one that reaches as far is being written: a second one would overwrite the first one's file, which
    /// would then get its name before the new content is durable. Any thread.
    /// </summary>
    public ISnapshotWriter? Create(LogPoint id, long lastContainedTimestampMs)
    {
        long begun = Interlocked.Read(ref _begunEndOffset);
        if (begun >= id.EndOffset || Interlocked.CompareExchange(ref _begunEndOffset, id.EndOffset, begun) != begun)
        {
            return null;
        }

        return new SnapshotFileWriter(
            id,
            log.Snapshots.CreatePart(id),
            lastContainedTimestampMs,
            context.Settings.MaxBatchBytes,
            context.Time,
            log.Voters.At(id.EndOffset),
            writer => context.Strand.Post(() => Completion = FinishAsync(writer, Completion)),
            writer => context.Strand.Post(() => Discard(writer)));
    }

    private async Task FinishAsync(SnapshotFileWriter writer, Task previous)
    {
        try
        {
            await previous;
            await writer.File.FlushAsync();
        }
        catch (StorageException error)
        {
            context.Strand.Post(() => failed(error));
            return;
        }

        context.Strand.Post(() => Publish(writer));
    }

    private void Publish(SnapshotFileWriter writer)
    {
        LogPoint id = writer.SnapshotId;
        if (id.EndOffset < log.StartOffset || log.LatestSnapshot is { } latest && latest.EndOffset >= id.EndOffset)
        {
            Discard(writer); // the leader's came first
            return;
        }

        writer.File.Dispose();
        log.Snapshots.Publish(writer.File.Path, id);
        log.Snapshots.Add(id);
        context.Logger.SnapshotFrozen(context.Settings.NodeId, id, writer.SizeBytes);
        long nowMs = context.Time.WallClockMs();
        log.Clean(old => nowMs - TimestampOf(old));
        Added?.Invoke();
    }

    private long TimestampOf(LogPoint id)
    {
        using SnapshotFileReader reader = new(id, log.Snapshots.Open(id));
        return reader.LastContainedTimestampMs;
    }

    private void Discard(SnapshotFileWriter writer)
    {
        writer.File.Dispose();
        log.Snapshots.Discard(writer.File.Path);
        _ = Interlocked.CompareExchange(ref _begunEndOffset, -1, writer.SnapshotId.EndOffset);
    }
}
