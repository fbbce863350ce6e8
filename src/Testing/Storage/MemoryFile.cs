namespace KRaftSharp.Testing.Storage;

/// <summary>The bytes of one file, in pieces that stay where they are.</summary>
/// <remarks>Thread-safe. A mapping is memory that all who have it open share: reads and writes of the file go to it.
/// </remarks>
internal sealed class MemoryFile
{
    private const int PieceBytes = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly List<byte[]> _pieces = [];
    private byte[]? _mapped;
    private int _mappings;
    private long _length;

    public long Length
    {
        get
        {
            lock (_gate)
            {
                return _length;
            }
        }
    }

    public int Read(Span<byte> target, long position)
    {
        lock (_gate)
        {
            int count = (int)Math.Clamp(_length - position, 0, target.Length);
            for (int done = 0; done < count;)
            {
                Span<byte> piece = PieceAt(position + done);
                int part = Math.Min(piece.Length, count - done);
                piece[..part].CopyTo(target[done..]);
                done += part;
            }

            return count;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        lock (_gate)
        {
            Grow(position + bytes.Length);
            while (!bytes.IsEmpty)
            {
                Span<byte> piece = PieceAt(position);
                int part = Math.Min(piece.Length, bytes.Length);
                bytes[..part].CopyTo(piece);
                bytes = bytes[part..];
                position += part;
            }
        }
    }

    public void SetLength(long length)
    {
        lock (_gate)
        {
            for (long at = length; at < _length;)
            {
                Span<byte> piece = PieceAt(at); // what is grown over again is zero
                int part = (int)Math.Min(piece.Length, _length - at);
                piece[..part].Clear();
                at += part;
            }

            if (length > _length)
            {
                Grow(length);
            }

            _length = length;
            int kept = (int)((length + PieceBytes - 1) / PieceBytes);
            if (kept < _pieces.Count)
            {
                _pieces.RemoveRange(kept, _pieces.Count - kept);
            }
        }
    }

    /// <summary>The first bytes of the file as shared memory, until as many <see cref="Unmap"/>.</summary>
    public byte[] Map(int length)
    {
        lock (_gate)
        {
            Grow(length);
            if (_mapped is null || _mapped.Length < length)
            {
                byte[] mapped = new byte[length];
                for (int at = 0; at < length;)
                {
                    Span<byte> piece = PieceAt(at);
                    int part = Math.Min(piece.Length, length - at);
                    piece[..part].CopyTo(mapped.AsSpan(at));
                    at += part;
                }

                _mapped = mapped;
            }

            _mappings++;
            return _mapped;
        }
    }

    public void Unmap()
    {
        lock (_gate)
        {
            if (--_mappings == 0 && _mapped is { } mapped)
            {
                _mapped = null;
                long length = Math.Min(mapped.Length, _length);
                for (int at = 0; at < length;)
                {
                    Span<byte> piece = PieceAt(at);
                    int part = (int)Math.Min(piece.Length, length - at);
                    mapped.AsSpan(at, part).CopyTo(piece);
                    at += part;
                }
            }
        }
    }

    private void Grow(long length)
    {
        while ((long)_pieces.Count * PieceBytes < length)
        {
            _pieces.Add(new byte[PieceBytes]);
        }

        _length = Math.Max(_length, length);
    }

    private Span<byte> PieceAt(long position) => _mapped is { } mapped && position < mapped.Length
        ? mapped.AsSpan((int)position)
        : _pieces[(int)(position / PieceBytes)].AsSpan((int)(position % PieceBytes));
}
