using System.Buffers;
using System.Buffers.Binary;
using KRaftSharp.Log;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Reads a snapshot file batch by batch.</summary>
internal sealed class SnapshotFileReader : ISnapshotReader
{
    private readonly IStorageFile _file;
    private readonly long _length;
    private long _position;

    public SnapshotFileReader(LogPoint id, IStorageFile file)
    {
        SnapshotId = id;
        _file = file;
        _length = file.Length;
        SnapshotHeaderRecord header = new();
        if (_length > 0 && WithBatch(0, (view, _) =>
            MetadataBatches.TryReadControl(view, ControlRecordType.SnapshotHeader, header)))
        {
            LastContainedTimestampMs = header.LastContainedLogTimestamp;
        }
    }

    private delegate T BatchReader<T>(RecordBatchView view, int size);

    public LogPoint SnapshotId { get; }

    public long LastContainedTimestampMs { get; } = -1;

    public long SizeBytes => _length;

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public IReadOnlyList<IMetadataRecord>? ReadBatch()
    {
        while (_position < _length)
        {
            (CommittedBatch batch, bool isControl, int size) = WithBatch(
                _position, static (view, size) => (MetadataBatches.Decode(view), view.IsControl, size));
            _position += size;
            if (!isControl)
            {
                return batch.Records;
            }
        }

        return null;
    }

    /// <summary>What the snapshot says of the voters; they count as standing at this offset.</summary>
    public VoterHistory ReplayVoters(VoterHistory history, long offset, string listenerName) => _length == 0
        ? history
        : WithBatch(0, (view, _) => VoterRecords.Replay(history, view, offset, listenerName));

    /// <summary>Whether the file begins with a header, ends with a footer, and every checksum is right.</summary>
    public static bool IsComplete(IStorageFile file)
    {
        SnapshotFileReader reader = new(default, file);
        long position = 0;
        bool isFirst = true;
        bool endsWithFooter = false;
        try
        {
            while (position < reader._length)
            {
                bool first = isFirst;
                (int size, bool isHeader, bool isFooter) = reader.WithBatch(position, static (view, size) => (
                    size,
                    MetadataBatches.TryReadControl(
                        view, ControlRecordType.SnapshotHeader, new SnapshotHeaderRecord()),
                    MetadataBatches.TryReadControl(
                        view, ControlRecordType.SnapshotFooter, new SnapshotFooterRecord())));
                if (first && !isHeader)
                {
                    return false;
                }

                isFirst = false;
                endsWithFooter = isFooter;
                position += size;
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }

        return endsWithFooter;
    }

    public void Dispose() => _file.Dispose();

    private T WithBatch<T>(long position, BatchReader<T> use)
    {
        Span<byte> head = stackalloc byte[RecordBatchLayout.LogOverhead];
        if (_file.Read(head, position) < head.Length)
        {
            throw Damaged(position);
        }

        long size = RecordBatchLayout.LogOverhead
            + (long)BinaryPrimitives.ReadInt32BigEndian(head[RecordBatchLayout.LengthAt..]);
        if (size < RecordBatchLayout.HeaderSize || size > _length - position)
        {
            throw Damaged(position);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)size);
        try
        {
            Span<byte> bytes = buffer.AsSpan(0, (int)size);
            if (_file.Read(bytes, position) < bytes.Length || !RecordBatchView.TryParse(bytes, out RecordBatchView view)
                || !view.IsCrcValid())
            {
                throw Damaged(position);
            }

            return use(view, (int)size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private InvalidDataException Damaged(long position) =>
        new($"the snapshot {_file.Path} is damaged at position {position}");
}
