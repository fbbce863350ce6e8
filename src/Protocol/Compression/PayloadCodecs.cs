namespace KRaftSharp.Protocol.Compression;

/// <summary>The codecs by id, and whole-payload decompression.</summary>
public static class PayloadCodecs
{
    private static readonly IPayloadCodec Gzip = new GzipCodec();
    private static readonly IPayloadCodec Snappy = new SnappyCodec();
    private static readonly IPayloadCodec Lz4 = Lz4Codec.Create();
    private static readonly IPayloadCodec Zstd = ZstdCodec.Create();

    /// <summary>The codec, or null for <see cref="CompressionCodec.None"/> and ids that no codec has.</summary>
    public static IPayloadCodec? Find(CompressionCodec id) => id switch
    {
        CompressionCodec.Gzip => Gzip,
        CompressionCodec.Snappy => Snappy,
        CompressionCodec.Lz4 => Lz4,
        CompressionCodec.Zstd => Zstd,
        _ => null,
    };

    /// <summary>The codec's name in Kafka's configurations.</summary>
    public static string NameOf(CompressionCodec id) => id switch
    {
        CompressionCodec.None => "none",
        CompressionCodec.Gzip => "gzip",
        CompressionCodec.Snappy => "snappy",
        CompressionCodec.Lz4 => "lz4",
        CompressionCodec.Zstd => "zstd",
        _ => "unknown",
    };

    /// <summary>The codec with that name in Kafka's configurations; false for any other text.</summary>
    public static bool TryParseName(ReadOnlySpan<char> name, out CompressionCodec id)
    {
        id = name switch
        {
            "gzip" => CompressionCodec.Gzip,
            "snappy" => CompressionCodec.Snappy,
            "lz4" => CompressionCodec.Lz4,
            "zstd" => CompressionCodec.Zstd,
            _ => CompressionCodec.None,
        };
        return id != CompressionCodec.None || name is "none";
    }

    /// <summary>Appends the decompressed payload to <paramref name="destination"/>.</summary>
    /// <param name="codec">A codec with an id of its own, or none (copies).</param>
    /// <param name="source">The whole compressed payload.</param>
    /// <param name="destination">Grows with what is really produced.</param>
    /// <param name="maxBytes">The most bytes that may be produced.</param>
    public static PayloadOutcome TryDecompress(
        CompressionCodec codec, ReadOnlySpan<byte> source, PooledBytes destination, long maxBytes)
    {
        if (codec == CompressionCodec.None)
        {
            if (source.Length > maxBytes)
            {
                return PayloadOutcome.TooLarge;
            }

            destination.Write(source);
            return PayloadOutcome.Complete;
        }

        if (Find(codec) is not { } found)
        {
            return PayloadOutcome.UnknownCodec;
        }

        using PayloadDecoder decoder = found.OpenDecoder();
        long produced = 0;
        int hint = Math.Clamp(2 * source.Length, 1024, 64 * 1024);
        while (true)
        {
            Span<byte> room = destination.GetSpan(hint);
            int read = decoder.Read(source, room);
            if (read == 0)
            {
                return decoder.Failed ? PayloadOutcome.Malformed : PayloadOutcome.Complete;
            }

            produced += read;
            if (produced > maxBytes)
            {
                return PayloadOutcome.TooLarge;
            }

            destination.Advance(read);
        }
    }
}
