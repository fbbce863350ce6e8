using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Log;

/// <summary>Readers on other threads while the owner appends, rolls, and drops old segments.</summary>
public sealed class ConcurrentReadTests : IDisposable
{
    private const int Appends = 20_000;

    private readonly LogFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task ReadersBesideTheWriter_SeeWholeBatchesInOrder_AndNothingBeyondTheBound()
    {
        _fixture.Options = new LogOptions
        {
            SegmentBytes = 50_000,
            IndexIntervalBytes = 1000,
            RetentionBytes = 500_000,
            FileDeleteDelayMs = 0,
        };
        using PartitionLog log = _fixture.Open();
        using var done = new CancellationTokenSource();
        Task<long>[] readers =
        [
            .. Enumerable.Range(0, 3).Select(kind => Task.Run(() => Follow(log, kind, done.Token))),
        ];

        byte[] batch = _fixture.Batch(3, 30);
        var appends = new LeaderAppend[3];
        var results = new LogAppendResult[3];
        for (int i = 0; i < Appends; i += appends.Length)
        {
            for (int j = 0; j < appends.Length; j++)
            {
                appends[j] = new LeaderAppend((byte[])[.. batch]);
            }

            log.AppendAsLeader(appends, 1, results);
            log.SetHighWatermark(log.LogEndOffset);
            if (i % 300 == 0)
            {
                log.ApplyRetention(_fixture.Clock.NowMs);
            }
        }

        await done.CancelAsync();
        foreach (Task<long> reader in readers)
        {
            Assert.True(await reader > 0, "a reader has read nothing");
        }
    }

    private static long Follow(PartitionLog log, int kind, CancellationToken done)
    {
        long at = 0;
        long batchesRead = 0;
        while (!done.IsCancellationRequested || at < log.LogEndOffset)
        {
            long upper = log.HighWatermark;
            int maxBytes = kind switch { 0 => 1 << 20, 1 => 700, _ => 1 };
            using LogReadResult read = log.Read(at, maxBytes, upper, minOneBatch: true);
            if (read.Error == ErrorCode.OffsetOutOfRange)
            {
                Assert.True(at < log.LogStartOffset, $"{at} lies within the log");
                at = log.LogStartOffset;
                continue;
            }

            Assert.Equal(ErrorCode.None, read.Error);
            var batches = new RecordBatchEnumerator(read.Records.Span);
            while (batches.MoveNext())
            {
                Assert.True(batches.Current.IsCrcValid());
                Assert.Equal(at, batches.Current.BaseOffset);
                at = batches.Current.NextOffset;
                Assert.True(at <= upper, $"{at} is beyond {upper}");
                batchesRead++;
            }

            Assert.Equal(RecordFault.None, batches.Fault);
        }

        return batchesRead;
    }
}
