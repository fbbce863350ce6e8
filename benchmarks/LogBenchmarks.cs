using BenchmarkDotNet.Attributes;
using KRaftSharp.Log;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Benchmarks;

/// <summary>Append and read of one partition's log in the page cache: what a produce or a fetch costs below the wire.
/// </summary>
[MemoryDiagnoser]
public class LogBenchmarks : IDisposable
{
    private const int BatchesKept = 256;

    private readonly string _directory = Directory.CreateTempSubdirectory("kraftsharp-bench-").FullName;
    private readonly List<byte[]> _batches = [];
    private PartitionLog _log = null!;
    private byte[] _batch = [];
    private LeaderAppend[] _appends = [];
    private LogAppendResult[] _results = [];
    private long _readAt;

    [Params(1024, 16 * 1024, 256 * 1024)]
    public int BatchBytes { get; set; }

    [GlobalSetup]
    public void Open()
    {
        using var builder = new RecordBatchBuilder();
        for (int i = 0; builder.UncompressedSize < BatchBytes - 100; i++)
        {
            builder.Append(
                DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null, new byte[Math.Min(1000, BatchBytes / 2)]);
        }

        _batch = builder.Build().ToArray();
        for (int i = 0; i < 16; i++)
        {
            _batches.Add([.. _batch]);
        }

        _appends = [.. _batches.Select(batch => new LeaderAppend(batch))];
        _results = new LogAppendResult[_appends.Length];
        _log = PartitionLog.Open(new PartitionLogSettings
        {
            Storage = new DiskStorage(),
            Directory = $"{_directory}/bench-0",
            TopicPartition = new TopicPartition("bench", 0),
            Time = TimeProvider.System,
            Options = new LogOptions
            {
                SegmentBytes = 64 * 1024 * 1024,
                RetentionBytes = 128 * 1024 * 1024,
                FileDeleteDelayMs = 0,
            },
            HadCleanShutdown = true,
        });
        for (int i = 0; i < BatchesKept; i++)
        {
            AppendOne();
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _log?.Dispose();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public long AppendOne()
    {
        ResetOffset(_batch);
        long offset = _log.AppendAsLeader(_batch, 1).BaseOffset;
        Trim();
        return offset;
    }

    /// <summary>Sixteen requests of one receive, written at once.</summary>
    [Benchmark(OperationsPerInvoke = 16)]
    public long AppendSixteenTogether()
    {
        foreach (byte[] batch in _batches)
        {
            ResetOffset(batch);
        }

        _log.AppendAsLeader(_appends, 1, _results);
        Trim();
        return _results[15].LastOffset;
    }

    /// <summary>A consumer that has caught up: the last batch.</summary>
    [Benchmark]
    public int ReadAtTheEnd()
    {
        RecordBatchView.TryParse(_batch, out RecordBatchView view);
        using LogReadResult read = _log.Read(
            _log.LogEndOffset - view.RecordCount, 1 << 20, _log.LogEndOffset, minOneBatch: true);
        return read.Records.Length;
    }

    /// <summary>A consumer that catches up: anywhere in the log, up to 1 MiB.</summary>
    [Benchmark]
    public int ReadInTheMiddle()
    {
        long length = _log.LogEndOffset - _log.LogStartOffset;
        _readAt = (_readAt + 7919) % length;
        using LogReadResult read = _log.Read(
            _log.LogStartOffset + _readAt, 1 << 20, _log.LogEndOffset, minOneBatch: true);
        return read.Records.Length;
    }

    // A producer's batch begins at offset 0; appending has set another. It lies outside the checksum.
    private static void ResetOffset(byte[] batch) => RecordBatchMutator.SetBaseOffset(batch, 0);

    private void Trim()
    {
        if (_log.SegmentCount > 3)
        {
            _log.SetHighWatermark(_log.LogEndOffset);
            _log.ApplyRetention(0);
        }
    }
}
