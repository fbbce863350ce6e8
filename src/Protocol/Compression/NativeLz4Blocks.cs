namespace KRaftSharp.Protocol.Compression;

/// <summary>The system's liblz4.</summary>
internal sealed unsafe class NativeLz4Blocks : ILz4Blocks
{
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, int, int, int> _compress;
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, int, int, int, int> _compressHigh;
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, int, int, int> _decompress;

    private NativeLz4Blocks(nint compress, nint compressHigh, nint decompress)
    {
        _compress = (delegate* unmanaged[Cdecl]<byte*, byte*, int, int, int>)compress;
        _compressHigh = (delegate* unmanaged[Cdecl]<byte*, byte*, int, int, int, int>)compressHigh;
        _decompress = (delegate* unmanaged[Cdecl]<byte*, byte*, int, int, int>)decompress;
    }

    /// <summary>The library, or null where the system has none.</summary>
    public static NativeLz4Blocks? TryLoad()
    {
        nint library = NativeLibraries.Load("liblz4.so.1", "liblz4.1.dylib", "liblz4", "lz4");
        nint compress = NativeLibraries.Export(library, "LZ4_compress_default");
        nint compressHigh = NativeLibraries.Export(library, "LZ4_compress_HC");
        nint decompress = NativeLibraries.Export(library, "LZ4_decompress_safe");
        return compress == 0 || compressHigh == 0 || decompress == 0
            ? null
            : new NativeLz4Blocks(compress, compressHigh, decompress);
    }

    public int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* from = source, to = destination)
        {
            return _compress(from, to, source.Length, destination.Length);
        }
    }

    public int CompressHigh(ReadOnlySpan<byte> source, Span<byte> destination, int level)
    {
        fixed (byte* from = source, to = destination)
        {
            return _compressHigh(from, to, source.Length, destination.Length, level);
        }
    }

    public int Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* from = source, to = destination)
        {
            return _decompress(from, to, source.Length, destination.Length);
        }
    }
}
