namespace KRaftSharp.Protocol.Compression;

/// <summary>Compresses and decompresses single LZ4 blocks, which know nothing of frames.</summary>
internal interface ILz4Blocks
{
    /// <summary>Bytes written, or 0 when they do not fit.</summary>
    int Compress(ReadOnlySpan<byte> source, Span<byte> destination);

    /// <summary>As <see cref="Compress"/>, in the slower mode with levels (2 to 12).</summary>
    int CompressHigh(ReadOnlySpan<byte> source, Span<byte> destination, int level);

    /// <summary>Bytes written, or a negative number when the block is malformed or does not fit.</summary>
    int Decompress(ReadOnlySpan<byte> source, Span<byte> destination);
}
