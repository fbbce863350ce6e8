using ZstdSharp.Unsafe;

namespace KRaftSharp.Protocol.Compression;

/// <summary>zstd without a native library.</summary>
internal sealed unsafe class ManagedZstdApi : IZstdApi
{
    public nint CreateCompressor() => (nint)Methods.ZSTD_createCCtx();

    public void FreeCompressor(nint context) => Methods.ZSTD_freeCCtx((ZSTD_CCtx_s*)context);

    public nint CreateDecompressor() => (nint)Methods.ZSTD_createDCtx();

    public void FreeDecompressor(nint context) => Methods.ZSTD_freeDCtx((ZSTD_DCtx_s*)context);

    public void Reset(nint decompressor) =>
        Methods.ZSTD_DCtx_reset((ZSTD_DCtx_s*)decompressor, ZSTD_ResetDirective.ZSTD_reset_session_only);

    public nuint Bound(nuint sourceBytes) => Methods.ZSTD_compressBound(sourceBytes);

    public nuint Compress(nint context, byte* destination, nuint capacity, byte* source, nuint size, int level) =>
        Methods.ZSTD_compressCCtx((ZSTD_CCtx_s*)context, destination, capacity, source, size, level);

    public nuint Decompress(nint context, ref ZstdBuffer destination, ref ZstdBuffer source)
    {
        var to = new ZSTD_outBuffer_s { dst = destination.Start, size = destination.Size, pos = destination.Position };
        var from = new ZSTD_inBuffer_s { src = source.Start, size = source.Size, pos = source.Position };
        nuint result = Methods.ZSTD_decompressStream((ZSTD_DCtx_s*)context, &to, &from);
        destination.Position = to.pos;
        source.Position = from.pos;
        return result;
    }

    public bool IsError(nuint result) => Methods.ZSTD_isError(result);
}
