using K4os.Compression.LZ4;

namespace KRaftSharp.Protocol.Compression;

/// <summary>LZ4 without a native library.</summary>
internal sealed class ManagedLz4Blocks : ILz4Blocks
{
    private const int LeastHighLevel = 3;

    public int Compress(ReadOnlySpan<byte> source, Span<byte> destination) =>
        Math.Max(LZ4Codec.Encode(source, destination, LZ4Level.L00_FAST), 0);

    public int CompressHigh(ReadOnlySpan<byte> source, Span<byte> destination, int level) =>
        Math.Max(LZ4Codec.Encode(source, destination, (LZ4Level)Math.Max(level, LeastHighLevel)), 0);

    public int Decompress(ReadOnlySpan<byte> source, Span<byte> destination) => LZ4Codec.Decode(source, destination);
}
