using BenchmarkDotNet.Attributes;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Benchmarks;

/// <summary>The checksum of batches of usual sizes; divide the size by the time for GB/s.</summary>
public class Crc32CBenchmarks
{
    private byte[] _bytes = [];

    [Params(1024, 16 * 1024, 1024 * 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _bytes = new byte[Size];
        for (int i = 0; i < Size; i++)
        {
            _bytes[i] = (byte)(i * 31);
        }
    }

    [Benchmark]
    public uint Compute() => Crc32C.Compute(_bytes);
}
