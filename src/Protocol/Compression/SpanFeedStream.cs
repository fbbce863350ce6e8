namespace KRaftSharp.Protocol.Compression;

/// <summary>Lets a stream of the base library read from a span that is lent for one call at a time.</summary>
internal sealed unsafe class SpanFeedStream : Stream
{
    // More than any header inside a compressed block can swallow.
    private const int MostOnes = 1024;

    private byte* _source;
    private int _length;
    private int _position;
    private int _onesFed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Feeds a run of bytes 0xFF instead of the source, which is used up.</summary>
    public bool IsFeedingOnes { get; set; }

    /// <summary>Reads once from <paramref name="reader"/>, which pulls from this stream, while
    /// <paramref name="source"/> is pinned. The source must be the same at every call.</summary>
    public int Lend(ReadOnlySpan<byte> source, Stream reader, Span<byte> destination)
    {
        fixed (byte* pinned = source)
        {
            _source = pinned;
            _length = source.Length;
            try
            {
                return reader.Read(destination);
            }
            finally
            {
                _source = null;
                _length = 0;
            }
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (IsFeedingOnes)
        {
            int ones = Math.Min(buffer.Length, MostOnes - _onesFed);
            buffer[..ones].Fill(byte.MaxValue);
            _onesFed += ones;
            return ones;
        }

        int count = Math.Min(buffer.Length, _length - _position);
        if (count <= 0)
        {
            return 0;
        }

        new ReadOnlySpan<byte>(_source + _position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
