using System.Text;
using KRaftSharp.Log;
using KRaftSharp.Log.Epochs;
using KRaftSharp.Log.Producers;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Log;

/// <summary>What a log must hold: a list of batches, and nothing else.</summary>
internal sealed class LogModel
{
    public List<ModelBatch> Batches { get; set; } = [];

    public long Start { get; set; }

    public long End { get; set; }

    /// <summary>A batch as a producer sends it, of random size, codec and producer.</summary>
    public static byte[] MakeBatch(Prng chance, long nowMs, long producerId, short epoch, int sequence)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            Compression = (CompressionCodec)(chance.Below(3) == 0 ? chance.Below(5) : 0),
            ProducerId = producerId,
            ProducerEpoch = epoch,
            BaseSequence = sequence,
        });
        int count = chance.Between(1, 4);
        for (int i = 0; i < count; i++)
        {
            byte[] value = new byte[chance.Below(10) == 0 ? chance.Below(2500) : chance.Below(100)];
            for (int j = 0; j < value.Length; j++)
            {
                value[j] = (byte)chance.Below(256);
            }

            builder.Append(nowMs + chance.Between(-50, 50), Encoding.UTF8.GetBytes($"k{i}"), value);
        }

        return builder.Build().ToArray();
    }

    public void Add(byte[] bytes)
    {
        var batch = new ModelBatch(bytes);
        Batches.Add(batch);
        End = batch.LastOffset + 1;
    }

    public void TruncateTo(long offset)
    {
        if (offset < End)
        {
            ModelBatch? cut = Batches.Find(batch => batch.BaseOffset < offset && batch.LastOffset >= offset);
            End = cut?.BaseOffset ?? offset;
            Batches.RemoveAll(batch => batch.LastOffset >= offset);
            Start = Math.Min(Start, End);
        }
    }

    /// <summary>Keeps the first batches only.</summary>
    public LogModel Prefix(int count)
    {
        var prefix = new LogModel { Batches = Batches.GetRange(0, count), Start = Start, End = Start };
        prefix.End = count == 0 ? Math.Min(Start, Batches.Count == 0 ? End : Batches[0].BaseOffset)
            : prefix.Batches[^1].LastOffset + 1;
        return prefix;
    }

    /// <summary>Compares everything that can be asked of the log with the list.</summary>
    public void Check(PartitionLog log, Prng chance)
    {
        Assert.Equal(End, log.LogEndOffset);
        CheckBytes(log);
        for (int i = 0; i < 20 && End > Start; i++)
        {
            CheckRead(log, Start + chance.Below((int)(End - Start)), chance);
            CheckTime(log, chance);
        }

        CheckEpochs(log);
        CheckProducers(log);
    }

    private void CheckBytes(PartitionLog log)
    {
        List<byte> expected = [];
        List<byte> found = [];
        foreach (ModelBatch batch in Batches.Where(batch => batch.LastOffset >= Start))
        {
            expected.AddRange(batch.Bytes);
        }

        for (long at = Start; at < End;)
        {
            using LogReadResult read = log.Read(at, 5000, End, minOneBatch: true);
            Assert.Equal(ErrorCode.None, read.Error);
            var batches = new RecordBatchEnumerator(read.Records.Span);
            long before = at;
            while (batches.MoveNext())
            {
                found.AddRange(batches.Current.Bytes);
                at = batches.Current.NextOffset;
            }

            if (at == before)
            {
                break;
            }
        }

        Assert.Equal(expected, found);
    }

    private void CheckRead(PartitionLog log, long offset, Prng chance)
    {
        long upper = chance.Below(3) == 0 ? End : offset + chance.Below((int)(End - offset) + 1);
        int maxBytes = chance.Below(4000);
        bool minOne = chance.Below(2) == 0;
        List<ModelBatch> fitting = upper <= offset ? [] :
            [.. Batches.Where(batch => batch.LastOffset >= offset && batch.LastOffset < upper)];
        using LogReadResult read = log.Read(offset, maxBytes, upper, minOne);
        byte[] all = [.. fitting.SelectMany(batch => batch.Bytes)];
        int first = fitting.Count == 0 ? 0 : fitting[0].Bytes.Length;
        int length = all.Length <= maxBytes ? all.Length : first <= maxBytes ? maxBytes : minOne ? first : 0;
        if (read.Records.Length < length && read.Records.Length > 0)
        {
            // A read ends where its segment ends.
            length = read.Records.Length;
            int whole = 0;
            int next = fitting.FindIndex(batch => (whole += batch.Bytes.Length) == length) + 1;
            Assert.True(next > 0, "a read ends within a batch for no reason");
            Assert.NotEqual(SegmentOf(log, offset), SegmentOf(log, fitting[next].BaseOffset));
        }

        Assert.Equal(all[..length], read.Records.ToArray());
    }

    private static long SegmentOf(PartitionLog log, long offset)
    {
        using LogSlice slice = log.Locate(offset, 1, log.LogEndOffset, minOneBatch: true);
        return slice.SegmentBaseOffset;
    }

    private void CheckTime(PartitionLog log, Prng chance)
    {
        List<(long Ms, long Offset, int Epoch)> records = [.. Batches.SelectMany(batch => batch.Records())
            .Where(record => record.Offset >= Start)];
        if (records.Count == 0)
        {
            return;
        }

        long wanted = records[chance.Below(records.Count)].Ms + chance.Between(-5, 5);
        (long Ms, long Offset, int Epoch) expected = records.Find(record => record.Ms >= wanted);
        TimestampedOffset? found = log.FindOffsetByTimestamp(wanted);
        Assert.Equal(
            expected == default ? null : new TimestampedOffset(expected.Ms, expected.Offset, expected.Epoch), found);
    }

    private void CheckEpochs(PartitionLog log)
    {
        List<EpochEntry> expected = [];
        foreach (ModelBatch batch in Batches.Where(batch => batch.LastOffset >= Start))
        {
            if (expected.Count == 0 || expected[^1].Epoch != batch.Epoch)
            {
                expected.Add(new EpochEntry(batch.Epoch, Math.Max(Start, batch.BaseOffset)));
            }
        }

        // An entry of no batch is left where the log start has moved to the log end.
        Assert.Equal(expected, log.Epochs.Entries.Where(entry => entry.StartOffset < End));
    }

    private void CheckProducers(PartitionLog log)
    {
        Dictionary<long, (short Epoch, int LastSequence)> expected = [];
        foreach (ModelBatch batch in Batches.Where(batch => batch.ProducerId >= 0))
        {
            expected[batch.ProducerId] = (batch.ProducerEpoch, batch.LastSequence);
        }

        foreach (ProducerView producer in log.Producers.Active)
        {
            if (expected.TryGetValue(producer.ProducerId, out (short Epoch, int LastSequence) last))
            {
                Assert.Equal(last, (producer.ProducerEpoch, producer.LastSequence));
            }
        }

        // Producers whose batches all lie below the log start may or may not be known.
        IEnumerable<long> live = Batches.Where(batch => batch.ProducerId >= 0 && batch.BaseOffset >= Start)
            .Select(batch => batch.ProducerId).Distinct();
        Assert.Empty(live.Except(log.Producers.Active.Select(producer => producer.ProducerId)));
    }
}
