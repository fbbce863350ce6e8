using BenchmarkDotNet.Attributes;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Benchmarks;

/// <summary>Walking, validating and building a batch of 100-byte records: nanoseconds a record.</summary>
[MemoryDiagnoser]
public class RecordBatchBenchmarks
{
    private const int Records = 600;

    private readonly byte[] _batch = Build();
    private readonly RecordBatchValidator _validator = new();
    private readonly RecordValidationOptions _options = new() { RequiresZeroBaseOffset = false };
    private readonly RecordBatchBuilder _builder = new();
    private readonly byte[] _value = new byte[100];

    [Benchmark(OperationsPerInvoke = Records)]
    public long Walk()
    {
        RecordBatchView.TryParse(_batch, out RecordBatchView batch);
        using var records = new RecordReader(batch);
        long sum = 0;
        while (records.MoveNext())
        {
            sum += records.Current.Offset + records.Current.Value.Length;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public long Validate() => _validator.Validate(_batch, _options, 0, 0, 1_760_000_000_000).LastOffset;

    [Benchmark(OperationsPerInvoke = Records)]
    public int Build100Bytes()
    {
        _builder.Reset(RecordBatchOptions.Default);
        for (int i = 0; i < Records; i++)
        {
            _builder.Append(1_760_000_000_000 + i, null, _value);
        }

        return _builder.Build().Length;
    }

    private static byte[] Build()
    {
        using var builder = new RecordBatchBuilder();
        for (int i = 0; i < Records; i++)
        {
            builder.Append(1_760_000_000_000 + i, new byte[8], new byte[100]);
        }

        return builder.Build().ToArray();
    }
}
