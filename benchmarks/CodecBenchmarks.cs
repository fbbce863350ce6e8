using System.Text;
using BenchmarkDotNet.Attributes;
using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Benchmarks;

/// <summary>Each codec at its default level on 64 KiB of JSON-like text.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private const int Size = 64 * 1024;

    private readonly PooledBytes _compressed = new(2 * Size);
    private readonly PooledBytes _output = new(2 * Size);
    private readonly PooledBytes _decompressed = new(2 * Size);
    private byte[] _source = [];

    [Params(CompressionCodec.Gzip, CompressionCodec.Snappy, CompressionCodec.Lz4, CompressionCodec.Zstd)]
    public CompressionCodec Codec { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var text = new StringBuilder();
        for (int i = 0; text.Length < Size; i++)
        {
            text.Append("{\"id\":").Append(i * 7919 % 100_000).Append(",\"carrier\":\"C").Append(i * 31 % 17)
                .Append("\",\"delay\":").Append(i * 13 % 240).Append(",\"origin\":\"AP").Append(i * 17 % 300)
                .Append("\"}\n");
        }

        _source = Encoding.UTF8.GetBytes(text.ToString(0, Size));
        IPayloadCodec codec = PayloadCodecs.Find(Codec)!;
        codec.Compress(_source, _compressed, codec.DefaultLevel);
    }

    [Benchmark]
    public int Compress()
    {
        IPayloadCodec codec = PayloadCodecs.Find(Codec)!;
        _output.Clear();
        codec.Compress(_source, _output, codec.DefaultLevel);
        return _output.Length;
    }

    [Benchmark]
    public int Decompress()
    {
        _decompressed.Clear();
        PayloadCodecs.TryDecompress(Codec, _compressed.WrittenSpan, _decompressed, int.MaxValue);
        return _decompressed.Length;
    }
}
