using KRaftSharp.Log;
using KRaftSharp.Log.Storage;
using KRaftSharp.Quorum.Raft.Messages;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Puts together a snapshot that the leader sends in pieces.</summary>
internal sealed class SnapshotDownload(MetadataLog log) : IDisposable
{
    private IStorageFile? _file;
    private LogPoint _id;

    /// <summary>Writes a piece; with the last one the log starts at the snapshot's end.</summary>
    /// <returns>What became of it, for the replica.</returns>
    public RaftInput Write(LogPoint id, long position, ReadOnlySpan<byte> bytes, bool isLast)
    {
        if (position == 0)
        {
            Dispose();
            _file = log.Snapshots.CreateDownload(id);
            _id = id;
        }

        if (_file is not { } file || _id != id || file.Length != position)
        {
            Dispose();
            return new RaftInput.SnapshotRefused(id);
        }

        file.Write(bytes, position);
        if (!isLast)
        {
            return new RaftInput.SnapshotProgress(id, position + bytes.Length);
        }

        if (!SnapshotFileReader.IsComplete(file))
        {
            Dispose();
            return new RaftInput.SnapshotRefused(id);
        }

        // The rename must not reach the disk before the content; this is rare, so the strand waits.
        file.Flush();
        file.Dispose();
        _file = null;
        log.Snapshots.Publish(file.Path, id);
        log.StartAt(id);
        return new RaftInput.SnapshotInstalled(id);
    }

    /// <summary>Forgets a download under way.</summary>
    public void Dispose()
    {
        if (_file is { } file)
        {
            _file = null;
            file.Dispose();
            log.Snapshots.Discard(file.Path);
        }
    }
}
