namespace KRaftSharp.Protocol.Compression;

/// <summary>The codecs of record batches; the value is the id in a batch's attributes.</summary>
public enum CompressionCodec : sbyte
{
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstd = 4,
}
