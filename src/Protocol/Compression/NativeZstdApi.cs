namespace KRaftSharp.Protocol.Compression;

/// <summary>The system's libzstd.</summary>
internal sealed unsafe class NativeZstdApi : IZstdApi
{
    private const int ResetSessionOnly = 1;

    private readonly delegate* unmanaged[Cdecl]<nint> _createCompressor;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint> _freeCompressor;
    private readonly delegate* unmanaged[Cdecl]<nint> _createDecompressor;
    private readonly delegate* unmanaged[Cdecl]<nint, nuint> _freeDecompressor;
    private readonly delegate* unmanaged[Cdecl]<nint, int, nuint> _reset;
    private readonly delegate* unmanaged[Cdecl]<nuint, nuint> _bound;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, int, nuint> _compress;
    private readonly delegate* unmanaged[Cdecl]<nint, ZstdBuffer*, ZstdBuffer*, nuint> _decompress;
    private readonly delegate* unmanaged[Cdecl]<nuint, uint> _isError;
    private readonly bool _complete;

    private NativeZstdApi(nint library)
    {
        _createCompressor = (delegate* unmanaged[Cdecl]<nint>)Export("ZSTD_createCCtx");
        _freeCompressor = (delegate* unmanaged[Cdecl]<nint, nuint>)Export("ZSTD_freeCCtx");
        _createDecompressor = (delegate* unmanaged[Cdecl]<nint>)Export("ZSTD_createDCtx");
        _freeDecompressor = (delegate* unmanaged[Cdecl]<nint, nuint>)Export("ZSTD_freeDCtx");
        _reset = (delegate* unmanaged[Cdecl]<nint, int, nuint>)Export("ZSTD_DCtx_reset");
        _bound = (delegate* unmanaged[Cdecl]<nuint, nuint>)Export("ZSTD_compressBound");
        _compress =
            (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, int, nuint>)Export("ZSTD_compressCCtx");
        _decompress =
            (delegate* unmanaged[Cdecl]<nint, ZstdBuffer*, ZstdBuffer*, nuint>)Export("ZSTD_decompressStream");
        _isError = (delegate* unmanaged[Cdecl]<nuint, uint>)Export("ZSTD_isError");
        _complete = _createCompressor != null && _freeCompressor != null && _createDecompressor != null
            && _freeDecompressor != null && _reset != null && _bound != null && _compress != null
            && _decompress != null && _isError != null;

        nint Export(string name) => NativeLibraries.Export(library, name);
    }

    /// <summary>The library, or null where the system has none or one too old.</summary>
    public static NativeZstdApi? TryLoad()
    {
        nint library = NativeLibraries.Load("libzstd.so.1", "libzstd.1.dylib", "libzstd", "zstd");
        var api = new NativeZstdApi(library);
        return api._complete ? api : null;
    }

    public nint CreateCompressor() => _createCompressor();

    public void FreeCompressor(nint context) => _freeCompressor(context);

    public nint CreateDecompressor() => _createDecompressor();

    public void FreeDecompressor(nint context) => _freeDecompressor(context);

    public void Reset(nint decompressor) => _reset(decompressor, ResetSessionOnly);

    public nuint Bound(nuint sourceBytes) => _bound(sourceBytes);

    public nuint Compress(nint context, byte* destination, nuint capacity, byte* source, nuint size, int level) =>
        _compress(context, destination, capacity, source, size, level);

    public nuint Decompress(nint context, ref ZstdBuffer destination, ref ZstdBuffer source)
    {
        fixed (ZstdBuffer* to = &destination, from = &source)
        {
            return _decompress(context, to, from);
        }
    }

    public bool IsError(nuint result) => _isError(result) != 0;
}
