using System.Buffers;

namespace KRaftSharp.Protocol;

/// <summary>A request or response ready to be sent, its 4-byte length included: bytes of its own from the pool and,
/// between them, large byte fields by reference.</summary>
/// <remarks>Whoever holds it disposes it once, after the send; what is held by reference must live until
/// then.</remarks>
public sealed class EncodedFrame : IDisposable
{
    private readonly ReadOnlyMemory<byte>[]? _segments;
    private readonly int _ownLength;
    private byte[]? _pooled;

    private EncodedFrame(byte[] pooled, int ownLength, ReadOnlyMemory<byte>[]? segments, int length)
    {
        _pooled = pooled;
        _ownLength = ownLength;
        _segments = segments;
        Length = length;
    }

    /// <summary>All bytes, the 4-byte length included.</summary>
    public int Length { get; }

    /// <summary>The number of pieces to be sent one after the other; 1 for most frames.</summary>
    public int SegmentCount => _segments?.Length ?? 1;

    /// <summary>Piece <paramref name="index"/>; valid until disposal.</summary>
    public ReadOnlyMemory<byte> this[int index]
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pooled is null, this);
            return _segments is null ? _pooled.AsMemory(0, _ownLength) : _segments[index];
        }
    }

    public void CopyTo(Span<byte> target)
    {
        for (int i = 0; i < SegmentCount; i++)
        {
            this[i].Span.CopyTo(target);
            target = target[this[i].Length..];
        }
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pooled, null) is { } pooled)
        {
            ArrayPool<byte>.Shared.Return(pooled);
        }
    }

    /// <summary>Writes length, header and body.</summary>
    /// <param name="gatherThreshold">Records of this many bytes are kept by reference; 0 copies all.</param>
    internal static EncodedFrame Build(
        IMessage header, short headerVersion, IMessage body, short version, int gatherThreshold)
    {
        var sizer = new WireSizer(gatherThreshold);
        sizer.Add(sizeof(int));
        header.AddSize(ref sizer, headerVersion);
        body.AddSize(ref sizer, version);

        int ownLength = sizer.Total - sizer.Gathered;
        byte[] pooled = ArrayPool<byte>.Shared.Rent(ownLength);
        try
        {
            List<GatheredBytes>? gathered = sizer.Gathered > 0 ? [] : null;
            var writer = new WireWriter(pooled.AsSpan(0, ownLength), gathered, gatherThreshold);
            writer.WriteInt32(sizer.Total - sizeof(int));
            header.Write(ref writer, headerVersion);
            body.Write(ref writer, version);
            return new EncodedFrame(pooled, ownLength, Cut(pooled, ownLength, gathered), sizer.Total);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(pooled);
            throw;
        }
    }

    private static ReadOnlyMemory<byte>[]? Cut(byte[] pooled, int ownLength, List<GatheredBytes>? gathered)
    {
        if (gathered is null)
        {
            return null;
        }

        var segments = new List<ReadOnlyMemory<byte>>((2 * gathered.Count) + 1);
        int start = 0;
        foreach (GatheredBytes piece in gathered)
        {
            if (piece.Position > start)
            {
                segments.Add(pooled.AsMemory(start, piece.Position - start));
            }

            segments.Add(piece.Bytes);
            start = piece.Position;
        }

        if (start < ownLength)
        {
            segments.Add(pooled.AsMemory(start, ownLength - start));
        }

        return [.. segments];
    }
}
