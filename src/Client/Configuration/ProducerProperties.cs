using System.Globalization;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Client.Configuration;

/// <summary>Reads a producer's options from Kafka's properties.</summary>
internal static class ProducerProperties
{
    private const int GzipPreset = -1;
    private const int GzipMost = 9;

    public static ProducerOptions Read(PropertyReader reader, ProducerOptions preset)
    {
        ProducerOptions options = ClientProperties.Read(reader, preset);
        (CompressionCodec codec, int? level) = Compression(reader, preset);
        options = options with
        {
            Acks = ReadAcks(reader, preset.Acks),
            EnableIdempotence = reader.Has("enable.idempotence")
                ? reader.Bool("enable.idempotence", preset: true)
                : preset.EnableIdempotence,
            BatchSize = reader.Int("batch.size", preset.BatchSize, least: 0),
            Linger = reader.LongMs("linger.ms", preset.Linger),
            BufferMemory = reader.Long("buffer.memory", preset.BufferMemory, least: 0),
            MaxBlock = reader.LongMs("max.block.ms", preset.MaxBlock),
            MaxRequestSize = reader.Int("max.request.size", preset.MaxRequestSize, least: 0),
            MaxInFlight = reader.Int("max.in.flight.requests.per.connection", preset.MaxInFlight, least: 1),
            Retries = reader.Int("retries", preset.Retries, least: 0),
            DeliveryTimeout = reader.IntMs("delivery.timeout.ms", preset.DeliveryTimeout),
            Compression = codec,
            CompressionLevel = level,
            TransactionalId = reader.NonEmpty("transactional.id") ?? preset.TransactionalId,
            TransactionTimeout = reader.IntMs("transaction.timeout.ms", preset.TransactionTimeout, int.MinValue),
            IgnoreKeys = reader.Bool("partitioner.ignore.keys", preset.IgnoreKeys),
        };
        if (!reader.Has("delivery.timeout.ms"))
        {
            // As Kafka: a default that contradicts what was set gives way.
            TimeSpan least = options.Linger + options.RequestTimeout;
            options = options with
            {
                DeliveryTimeout = options.DeliveryTimeout < least ? least : options.DeliveryTimeout,
            };
        }

        ClientProperties.Finish(reader, IdleKeys.Producer, options);
        return options;
    }

    private static Acks ReadAcks(PropertyReader reader, Acks preset) => !reader.Has("acks")
        ? preset
        : reader.OneOf("acks", "all", "all", "-1", "0", "1") switch
        {
            "0" => Acks.None,
            "1" => Acks.Leader,
            _ => Acks.All,
        };

    private static (CompressionCodec Codec, int? Level) Compression(PropertyReader reader, ProducerOptions preset)
    {
        int gzip = reader.Int("compression.gzip.level", GzipPreset);
        if (gzip != GzipPreset && gzip is < 1 or > GzipMost)
        {
            throw new KafkaConfigException(
                "compression.gzip.level", gzip.ToString(CultureInfo.InvariantCulture),
                "Value must be between 1 and 9 or equal to -1");
        }

        int lz4 = reader.Int("compression.lz4.level", preset: 9, least: 1, most: 17);
        int zstd = reader.Int("compression.zstd.level", preset: 3, least: -131072, most: 22);
        if (!reader.Has("compression.type"))
        {
            return (preset.Compression, preset.CompressionLevel);
        }

        return reader.OneOf("compression.type", "none", "none", "gzip", "snappy", "lz4", "zstd") switch
        {
            "gzip" => (CompressionCodec.Gzip, gzip == GzipPreset ? null : gzip),
            "lz4" => (CompressionCodec.Lz4, reader.Has("compression.lz4.level") ? lz4 : null),
            "zstd" => (CompressionCodec.Zstd, reader.Has("compression.zstd.level") ? zstd : null),
            "snappy" => (CompressionCodec.Snappy, null),
            _ => (CompressionCodec.None, null),
        };
    }
}
