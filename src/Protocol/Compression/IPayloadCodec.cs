namespace KRaftSharp.Protocol.Compression;

/// <summary>One compression format as Kafka uses it. Thread-safe; find one with <see cref="PayloadCodecs"/>.</summary>
public interface IPayloadCodec
{
    CompressionCodec Id { get; }

    /// <summary>The level used when none is configured (KIP-390).</summary>
    int DefaultLevel { get; }

    /// <summary>Whether Kafka's configuration accepts this level. Codecs without levels accept any.</summary>
    bool IsValidLevel(int level);

    /// <summary>Appends the compressed form of <paramref name="source"/> to <paramref name="destination"/>.</summary>
    void Compress(ReadOnlySpan<byte> source, PooledBytes destination, int level);

    /// <summary>A decoder for one payload; the caller disposes it.</summary>
    PayloadDecoder OpenDecoder();
}
