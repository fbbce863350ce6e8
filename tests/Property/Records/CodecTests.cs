using FsCheck.Xunit;
using KRaftSharp.Protocol.Compression;
using Snappier;

namespace KRaftSharp.Tests.Property.Records;

/// <summary>Every codec and both of its engines, where it has two, read what the other wrote.</summary>
public sealed class CodecTests
{
    private static readonly int[] Sizes = [0, 1, 2, 100, 32767, 32768, 32769, 65535, 65536, 65537, 300_000];

    public static TheoryData<string> Engines => [.. Pairs.Keys];

    private static Dictionary<string, (IPayloadCodec Writer, IPayloadCodec Reader)> Pairs { get; } = MakePairs();

    [Theory]
    [MemberData(nameof(Engines))]
    public void Payload_OfEverySize_ComesBack(string engines)
    {
        (IPayloadCodec writer, IPayloadCodec reader) = Pairs[engines];
        foreach (int size in Sizes)
        {
            AssertComesBack(writer, reader, Text(size), writer.DefaultLevel);
            AssertComesBack(writer, reader, Noise(size), writer.DefaultLevel);
        }
    }

    [Theory]
    [InlineData(CompressionCodec.Gzip, new[] { -1, 1, 5, 9 })]
    [InlineData(CompressionCodec.Lz4, new[] { 1, 2, 8, 9, 10, 12, 17 })]
    [InlineData(CompressionCodec.Zstd, new[] { -131072, -5, 1, 3, 12, 22 })]
    public void Payload_AtEveryLevel_ComesBack(CompressionCodec codec, int[] levels)
    {
        IPayloadCodec found = PayloadCodecs.Find(codec)!;
        foreach (int level in levels)
        {
            Assert.True(found.IsValidLevel(level));
            AssertComesBack(found, found, Text(100_000), level);
        }
    }

    [Theory]
    [InlineData(CompressionCodec.Gzip, 0)]
    [InlineData(CompressionCodec.Gzip, 10)]
    [InlineData(CompressionCodec.Lz4, 0)]
    [InlineData(CompressionCodec.Lz4, 18)]
    [InlineData(CompressionCodec.Zstd, 23)]
    [InlineData(CompressionCodec.Zstd, -131073)]
    public void Level_OutsideKafkasRange_IsInvalid(CompressionCodec codec, int level) =>
        Assert.False(PayloadCodecs.Find(codec)!.IsValidLevel(level));

    [Property]
    public void Payload_CutShort_IsMalformed(byte[] tail, int cut)
    {
        byte[] source = [.. Text(3000), .. tail];
        foreach ((IPayloadCodec writer, IPayloadCodec reader) in Pairs.Values)
        {
            using var payload = new PooledBytes();
            writer.Compress(source, payload, writer.DefaultLevel);
            int kept = (int)((uint)cut % (uint)payload.Length);
            using PayloadDecoder decoder = reader.OpenDecoder();
            byte[] read = ReadAll(decoder, payload.WrittenSpan[..kept]);

            // No cut gives other bytes. An empty zstd payload, and snappy cut between chunks, is a shorter whole.
            Assert.Equal(source[..read.Length], read);
            Assert.True(decoder.Failed || read.Length < source.Length, $"{writer.Id} cut to {kept} is whole");
        }
    }

    [Fact]
    public void RawSnappyBlock_IsRead()
    {
        byte[] source = Text(200_000);
        using PayloadDecoder decoder = PayloadCodecs.Find(CompressionCodec.Snappy)!.OpenDecoder();

        Assert.Equal(source, ReadAll(decoder, Snappy.CompressToArray(source)));
        Assert.False(decoder.Failed);
    }

    private static void AssertComesBack(IPayloadCodec writer, IPayloadCodec reader, byte[] source, int level)
    {
        using var payload = new PooledBytes();
        writer.Compress(source, payload, level);
        if (payload.Length == 0)
        {
            Assert.Empty(source);
            return;
        }

        using PayloadDecoder decoder = reader.OpenDecoder();
        Assert.Equal(source, ReadAll(decoder, payload.WrittenSpan));
        Assert.False(decoder.Failed);
    }

    private static byte[] ReadAll(PayloadDecoder decoder, ReadOnlySpan<byte> payload)
    {
        var all = new List<byte>();
        byte[] piece = new byte[10_007];
        for (int read = decoder.Read(payload, piece); read > 0; read = decoder.Read(payload, piece))
        {
            all.AddRange(piece.AsSpan(0, read));
        }

        return [.. all];
    }

    private static byte[] Text(int size)
    {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++)
        {
            bytes[i] = (byte)("some value that repeats, with a number "[i % 39] + ((i / 4001) % 3));
        }

        return bytes;
    }

    private static byte[] Noise(int size)
    {
        byte[] bytes = new byte[size];
        ulong state = 88172645463325252;
        for (int i = 0; i < size; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            bytes[i] = (byte)state;
        }

        return bytes;
    }

    private static Dictionary<string, (IPayloadCodec Writer, IPayloadCodec Reader)> MakePairs()
    {
        var gzip = PayloadCodecs.Find(CompressionCodec.Gzip)!;
        var snappy = PayloadCodecs.Find(CompressionCodec.Snappy)!;
        var lz4 = PayloadCodecs.Find(CompressionCodec.Lz4)!;
        var zstd = PayloadCodecs.Find(CompressionCodec.Zstd)!;
        var managedLz4 = new Lz4Codec(new ManagedLz4Blocks());
        var managedZstd = new ZstdCodec(new ManagedZstdApi());
        return new Dictionary<string, (IPayloadCodec, IPayloadCodec)>
        {
            ["gzip"] = (gzip, gzip),
            ["snappy"] = (snappy, snappy),
            ["lz4"] = (lz4, lz4),
            ["lz4 to managed"] = (lz4, managedLz4),
            ["managed to lz4"] = (managedLz4, lz4),
            ["zstd"] = (zstd, zstd),
            ["zstd to managed"] = (zstd, managedZstd),
            ["managed to zstd"] = (managedZstd, zstd),
        };
    }
}
