using System.Text;
using KRaftSharp.Log;
using KRaftSharp.Log.Cleaning;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Log;

/// <summary>The rules of log compaction, one at a time (KIP-58, KIP-354, KIP-534).</summary>
public sealed class CompactionRulesTests : IDisposable
{
    private static readonly LogOptions Compacted = new()
    {
        IsCompacted = true,
        IsDeleted = false,
        DeleteRetentionMs = 1000,
        FileDeleteDelayMs = 0,
    };

    private readonly LogFixture _fixture = new() { Options = Compacted };
    private PartitionLog _log;

    public CompactionRulesTests() => _log = _fixture.Open();

    [Fact]
    public async Task Tombstone_IsKeptUntilItsHorizon_AndGoesAfterIt()
    {
        Append("a", "1");
        Append("a", null);
        await CleanAsync();
        Assert.Equal([("a", null)], Records());
        long horizon = Assert.Single(Horizons())!.Value;
        Assert.Equal(_fixture.Clock.NowMs + 1000, horizon);

        _fixture.Clock.Advance(999);
        Append("b", "2");
        await CleanAsync();
        Assert.Contains(("a", null), Records());
        Assert.Equal(horizon, Horizons()[0]);

        _fixture.Clock.Advance(1);
        Append("c", "3");
        await CleanAsync();
        Assert.DoesNotContain(("a", null), Records());
        Assert.Equal(["b", "c"], Records().Select(static record => record.Key));
    }

    [Fact]
    public async Task ActiveSegment_IsNeverCleaned()
    {
        Append("a", "1");
        Append("a", "2");
        Assert.False(await CleanAsync(rolls: false));
        Assert.Equal(2, Records().Count);
    }

    [Fact]
    public async Task MinCompactionLag_LeavesYoungSegments()
    {
        _log.UpdateOptions(Compacted with { MinCompactionLagMs = 500 });
        Append("a", "1");
        Append("a", "2");
        Assert.False(await CleanAsync());
        _fixture.Clock.Advance(501);
        Append("b", "1");
        Assert.True(await CleanAsync());
        Assert.Equal([("a", "2"), ("b", "1")], Records());
    }

    [Fact]
    public async Task MaxCompactionLag_MakesAnOldSegmentDue_AndClosesTheActiveOne()
    {
        _log.UpdateOptions(Compacted with { MaxCompactionLagMs = 500, MinCleanableDirtyRatio = 1 });
        Append("a", "1");
        _fixture.Clock.Advance(501);
        Append("a", "2");
        _log.SetHighWatermark(2);
        await _log.FlushAsync();
        Assert.Equal(2, _log.SegmentCount);
        Assert.True(_log.MeasureCleanable(_fixture.Clock.NowMs).IsDue(1));
    }

    [Fact]
    public async Task EmptyBatch_StaysForTheLastSequenceOfAProducer()
    {
        Append("a", "1", producerId: 7, sequence: 0);
        Append("a", "2");
        Append("z", "3");
        await CleanAsync();
        await _log.CloseAsync();
        _log = _fixture.Open();
        Assert.Equal(0, Assert.Single(_log.Producers.Active).LastSequence);
        Assert.Equal([("a", "2"), ("z", "3")], Records());
    }

    [Fact]
    public async Task MapFull_CleansUpToWhereItReached_AndGoesOnThere()
    {
        for (int i = 0; i < 40; i++)
        {
            Append($"k{i % 20}", $"{i}");
        }

        int rounds = 0;
        while (await CleanAsync(new CleanerBuffers(12 * KeyOffsetMap.EntrySize, 0.9, 4096)))
        {
            Assert.InRange(++rounds, 1, 10);
            if (_log.CleanedTo >= 40)
            {
                break;
            }
        }

        Assert.True(rounds > 1);
        Assert.Equal(20, Records().Count);
    }

    [Fact]
    public async Task SmallSegments_BecomeOne()
    {
        for (int i = 0; i < 6; i++)
        {
            Append($"k{i}", "v");
            _log.Roll();
        }

        await CleanAsync();
        Assert.Equal(2, _log.SegmentCount);
        Assert.Equal(6, Records().Count);
        Assert.DoesNotContain(
            _fixture.Storage.ListFiles(_log.Directory),
            static name => name.EndsWith(".cleaned", StringComparison.Ordinal)
                || name.EndsWith(".swap", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CorruptBatch_MakesTheLogUncleanable_AndStaysAsItIs()
    {
        Append("a", "1");
        Append("a", "2");
        _log.Roll();
        string path = $"{_log.Directory}/{0:D20}.log";
        using (IStorageFile file = _fixture.Storage.Open(path, StorageOpenMode.Existing))
        {
            file.Write([0xFF], RecordBatchLayout.HeaderSize + 2);
        }

        await Assert.ThrowsAsync<UncleanableLogException>(() => CleanAsync());
        Assert.False(_log.IsOffline);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(5000)]
    public void KeyOffsetMap_IsADictionary_WithinItsMemory(int slots)
    {
        var map = new KeyOffsetMap();
        map.Reset((long)slots * KeyOffsetMap.EntrySize, 0.9);
        Dictionary<string, long> model = [];
        for (int i = 0; !map.IsFull; i++)
        {
            string key = $"key {i * 7919 % 4099}";
            map.Put(Encoding.UTF8.GetBytes(key), i);
            model[key] = i;
            Assert.Equal(i, map.LatestOffset);
        }

        Assert.Equal(model.Count, map.Count);
        Assert.All(model, entry => Assert.Equal(entry.Value, map.Get(Encoding.UTF8.GetBytes(entry.Key))));
        Assert.Equal(-1, map.Get("another"u8));
    }

    public void Dispose()
    {
        _log.Dispose();
        _fixture.Dispose();
    }

    private void Append(string key, string? value, long producerId = -1, int sequence = -1)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            ProducerId = producerId,
            ProducerEpoch = (short)(producerId < 0 ? -1 : 0),
            BaseSequence = sequence,
        });
        ReadOnlyMemory<byte>? bytes = value is null ? null : (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(value);
        builder.Append(_fixture.Clock.NowMs, Encoding.UTF8.GetBytes(key), bytes);
        Assert.Equal(ErrorCode.None, _log.AppendAsLeader(builder.Build().ToArray(), 1).Error);
    }

    private Task<bool> CleanAsync(bool rolls = true) =>
        CleanAsync(new CleanerBuffers(1_000_000, 0.9, 4096), rolls);

    private async Task<bool> CleanAsync(CleanerBuffers buffers, bool rolls = true)
    {
        PartitionLog log = _log;
        log.SetHighWatermark(log.LogEndOffset);
        if (rolls)
        {
            log.Roll();
        }

        using var pacer = new SlicePacer(TimeProvider.System);
        var target = new CleanerTarget(log, static action => action());
        return await new LogCleaning(target, new KeyOffsetMap(), pacer, _fixture.Clock, buffers).RunAsync();
    }

    private List<(string Key, string? Value)> Records()
    {
        List<(string Key, string? Value)> found = [];
        Walk(batch =>
        {
            using var records = new RecordReader(batch);
            while (records.MoveNext())
            {
                found.Add((Encoding.UTF8.GetString(records.Current.Key),
                    records.Current.HasValue ? Encoding.UTF8.GetString(records.Current.Value) : null));
            }
        });
        return found;
    }

    private List<long?> Horizons()
    {
        List<long?> found = [];
        Walk(batch => found.Add(batch.DeleteHorizonMs));
        return found;
    }

    private delegate void Visit(RecordBatchView batch);

    private void Walk(Visit visit)
    {
        PartitionLog log = _log;
        for (long at = log.LogStartOffset; at < log.LogEndOffset;)
        {
            using LogReadResult read = log.Read(at, 1_000_000, long.MaxValue, minOneBatch: true);
            var batches = new RecordBatchEnumerator(read.Records.Span);
            long before = at;
            while (batches.MoveNext())
            {
                visit(batches.Current);
                at = batches.Current.NextOffset;
            }

            if (at == before)
            {
                return;
            }
        }
    }
}
