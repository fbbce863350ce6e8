namespace KRaftSharp.Protocol.Compression;

/// <summary>The few functions of libzstd that are needed, in its own terms. Thread-safe; contexts are not.</summary>
internal unsafe interface IZstdApi
{
    nint CreateCompressor();

    void FreeCompressor(nint context);

    nint CreateDecompressor();

    void FreeDecompressor(nint context);

    /// <summary>Makes the context ready for a new payload.</summary>
    void Reset(nint decompressor);

    /// <summary>The most bytes that compressing so many can give.</summary>
    nuint Bound(nuint sourceBytes);

    nuint Compress(nint context, byte* destination, nuint capacity, byte* source, nuint size, int level);

    /// <summary>Decompresses on, moving both positions; 0 when a frame is complete and flushed.</summary>
    nuint Decompress(nint context, ref ZstdBuffer destination, ref ZstdBuffer source);

    bool IsError(nuint result);
}
