using System.Text;
using KRaftSharp.Log;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Log;

/// <summary>A log in a temporary directory, and batches to append to it.</summary>
internal sealed class LogFixture : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("kraftsharp-log-");

    public static readonly TopicPartition Partition = new("topic", 0);

    public TestClock Clock { get; } = new();

    public DiskStorage Storage { get; } = new();

    public LogOptions Options { get; set; } = new() { IndexIntervalBytes = 200 };

    public string Root => _root.FullName;

    /// <summary>Their flushes must end before the directory goes.</summary>
    public List<PartitionLog> Opened { get; } = [];

    public string LogPath => $"{Root}/topic-0";

    public PartitionLog Open(bool isClean = true, long recoveryPoint = 0, long logStart = 0, long highWatermark = 0)
    {
        PartitionLog log = PartitionLog.Open(new PartitionLogSettings
        {
            Storage = Storage,
            Directory = LogPath,
            TopicPartition = Partition,
            TopicId = new Uuid(1, 2),
            Time = Clock,
            Options = Options,
            HadCleanShutdown = isClean,
            RecoveryPoint = recoveryPoint,
            LogStartOffset = logStart,
            HighWatermark = highWatermark,
        });
        Opened.Add(log);
        return log;
    }

    public byte[] Batch(
        int count = 1, int valueBytes = 20, long? timestampMs = null, RecordBatchOptions? options = null)
    {
        using var builder = new RecordBatchBuilder(options);
        for (int i = 0; i < count; i++)
        {
            builder.Append((timestampMs ?? Clock.NowMs) + i, Encoding.UTF8.GetBytes($"k{i}"), new byte[valueBytes]);
        }

        return builder.Build().ToArray();
    }

    public byte[] Idempotent(long producerId, short epoch, int sequence, int count = 1) => Batch(
        count, options: new RecordBatchOptions
        {
            ProducerId = producerId,
            ProducerEpoch = epoch,
            BaseSequence = sequence,
            Compression = CompressionCodec.None,
        });

    /// <summary>Base offsets of the batches a read returns; a cut last batch is left out.</summary>
    public static List<long> Offsets(PartitionLog log, long from, int maxBytes = int.MaxValue, long? upper = null)
    {
        using LogReadResult read = log.Read(from, maxBytes, upper ?? log.LogEndOffset, minOneBatch: true);
        Assert.Equal(ErrorCode.None, read.Error);
        List<long> offsets = [];
        var batches = new RecordBatchEnumerator(read.Records.Span);
        while (batches.MoveNext())
        {
            Assert.True(batches.Current.IsCrcValid());
            offsets.Add(batches.Current.BaseOffset);
        }

        return offsets;
    }

    /// <summary>All base offsets, read piece by piece.</summary>
    public static List<long> AllOffsets(PartitionLog log)
    {
        List<long> offsets = [];
        long at = log.LogStartOffset;
        while (at < log.LogEndOffset)
        {
            using LogReadResult read = log.Read(at, 300, log.LogEndOffset, minOneBatch: true);
            var batches = new RecordBatchEnumerator(read.Records.Span);
            long before = at;
            while (batches.MoveNext())
            {
                offsets.Add(batches.Current.BaseOffset);
                at = batches.Current.NextOffset;
            }

            Assert.True(at > before, "a read makes no progress");
        }

        return offsets;
    }

    public void Dispose()
    {
        Task.WhenAll(Opened.Select(log => log.PendingFlush)).ContinueWith(static _ => { }).Wait();
        _root.Delete(recursive: true);
    }
}
