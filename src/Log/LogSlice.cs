using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Log;

/// <summary>Where records lie: bytes of one segment file, which stays open until the slice is disposed.</summary>
public readonly struct LogSlice : IDisposable
{
    /// <summary>None, <see cref="ErrorCode.OffsetOutOfRange"/> or <see cref="ErrorCode.KafkaStorageError"/>.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>Null when the slice is empty.</summary>
    public IStorageFile? File { get; init; }

    public long Position { get; init; }

    public int Length { get; init; }

    /// <summary>The offset of the first batch's first record is at most the offset asked for; -1 when empty.</summary>
    public long SegmentBaseOffset { get; init; }

    internal IDisposable? Lease { get; init; }

    /// <summary>Reads the slice into memory of at least <see cref="Length"/> bytes.</summary>
    public int ReadTo(Span<byte> target) => File is null ? 0 : File.Read(target[..Length], Position);

    public void Dispose() => Lease?.Dispose();
}
