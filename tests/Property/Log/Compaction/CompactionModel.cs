using System.Text;
using KRaftSharp.Log;
using KRaftSharp.Log.Producers;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Log.Compaction;

/// <summary>Everything that was ever appended to a log: what it must still say after any cleaning.</summary>
internal sealed class CompactionModel
{
    public List<ModelRecord> Records { get; } = [];

    public List<ModelTransaction> Transactions { get; } = [];

    /// <summary>Idempotent batches: producer, last sequence, last offset.</summary>
    public List<(long ProducerId, int LastSequence, long LastOffset)> Batches { get; } = [];

    /// <summary>The batches as they were appended.</summary>
    public SortedDictionary<long, byte[]> Bytes { get; } = [];

    public long End { get; set; }

    public ModelTransaction? OpenOf(long producerId) =>
        Transactions.Find(transaction => transaction.ProducerId == producerId
            && transaction.FirstOffset < End && transaction.MarkerOffset >= End);

    public int LastSequenceOf(long producerId)
    {
        int index = Batches.FindLastIndex(batch => batch.ProducerId == producerId);
        return index < 0 ? -1 : Batches[index].LastSequence;
    }

    /// <summary>The log ends earlier: by a truncation, or because a crash took its end.</summary>
    public void CutTo(long end)
    {
        End = end;
        Records.RemoveAll(record => record.Offset >= end);
        Batches.RemoveAll(batch => batch.LastOffset >= end);
        Transactions.RemoveAll(transaction => transaction.FirstOffset >= end);
        foreach (ModelTransaction transaction in Transactions.Where(t => t.MarkerOffset >= end))
        {
            transaction.MarkerOffset = long.MaxValue;
        }

        foreach (long offset in Bytes.Keys.Where(offset => offset >= end).ToList())
        {
            Bytes.Remove(offset);
        }
    }

    /// <summary>Whether a batch is missing that lies before others and was not durable. A machine that loses power
    /// may leave that: a compacted log may have gaps, so recovery cannot tell.</summary>
    public bool HasHole(PartitionLog log, long durable)
    {
        HashSet<long> found = [.. BatchesOf(log, durable).Select(static batch => batch.BaseOffset)];
        return Bytes.Keys.Any(offset => offset >= durable && !found.Contains(offset));
    }

    /// <summary>Compares what a consumer sees with what was appended.</summary>
    /// <param name="touched">From this offset on no cleaning may have changed anything.</param>
    /// <param name="nowMs">The wall clock.</param>
    public void Check(PartitionLog log, long touched, Prng chance, long nowMs)
    {
        Assert.Equal(End, log.LogEndOffset);
        List<(long Offset, string Key, string? Value)> seen = Read(log, 0, 10_000);
        CheckRecords(seen, log.LastStableOffset);
        CheckMap(seen, log.LastStableOffset);
        CheckTombstones(seen, log.LastStableOffset, nowMs);
        for (int i = 0; i < 5 && End > 0; i++)
        {
            long from = chance.Below((int)End);
            Assert.Equal(
                seen.Where(record => record.Offset >= from),
                Read(log, from, chance.Between(1, 3000)));
        }

        CheckUntouched(log, touched);
        CheckProducers(log);
    }

    /// <summary>Every record seen was appended so, in order, and was not aborted.</summary>
    private void CheckRecords(List<(long Offset, string Key, string? Value)> seen, long end)
    {
        Dictionary<long, ModelRecord> byOffset = Records.ToDictionary(static record => record.Offset);
        long last = -1;
        foreach ((long offset, string key, string? value) in seen)
        {
            Assert.True(offset > last, "offsets do not rise");
            last = offset;
            Assert.True(byOffset.TryGetValue(offset, out ModelRecord? record), $"nothing was appended at {offset}");
            Assert.Equal((record!.Key, record.Value), (key, value));
            Assert.True(IsVisible(record, end), $"the record at {offset} must not be seen");
        }
    }

    /// <summary>The last value of each key is what it was.</summary>
    private void CheckMap(List<(long Offset, string Key, string? Value)> seen, long end)
    {
        SortedDictionary<string, (long Offset, string? Value)> expected = [];
        foreach (ModelRecord record in Records.Where(record => IsVisible(record, end)))
        {
            expected[record.Key] = (record.Offset, record.Value);
        }

        SortedDictionary<string, (long Offset, string? Value)> found = [];
        foreach ((long offset, string key, string? value) in seen)
        {
            found[key] = (offset, value);
        }

        Assert.Equal(
            expected.Where(static entry => entry.Value.Value is not null),
            found.Where(static entry => entry.Value.Value is not null));
    }

    /// <summary>A tombstone that is the last of its key is seen until its time has come.</summary>
    private void CheckTombstones(List<(long Offset, string Key, string? Value)> seen, long end, long nowMs)
    {
        HashSet<long> offsets = [.. seen.Select(record => record.Offset)];
        Dictionary<string, ModelRecord> last = [];
        foreach (ModelRecord record in Records.Where(record => IsVisible(record, end)))
        {
            last[record.Key] = record;
        }

        Assert.All(
            last.Values.Where(record => record.Value is null && record.KeptUntilMs > nowMs),
            record => Assert.Contains(record.Offset, offsets));
    }

    private void CheckUntouched(PartitionLog log, long touched)
    {
        List<(long BaseOffset, byte[] Bytes)> found =
            [.. BatchesOf(log, Math.Min(touched, End)).Where(batch => batch.BaseOffset >= touched)];
        List<byte[]> expected = [.. Bytes.Where(batch => batch.Key >= touched).Select(static batch => batch.Value)];
        Assert.Equal(expected.Count, found.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i], found[i].Bytes);
        }
    }

    private void CheckProducers(PartitionLog log)
    {
        Dictionary<long, int> expected = [];
        foreach ((long producerId, int lastSequence, _) in Batches)
        {
            expected[producerId] = lastSequence;
        }

        foreach ((long producerId, int lastSequence) in expected)
        {
            ProducerView? producer = log.Producers.Active.FirstOrDefault(view => view.ProducerId == producerId);
            Assert.Equal(lastSequence, producer?.LastSequence);
        }
    }

    private static List<(long Offset, string Key, string? Value)> Read(PartitionLog log, long start, int maxBytes) =>
        CommittedReader.Read(log, start, maxBytes, static record => (
            record.Offset, Encoding.UTF8.GetString(record.Key),
            record.HasValue ? Encoding.UTF8.GetString(record.Value) : null));

    /// <summary>All batches from an offset on, byte by byte.</summary>
    private static List<(long BaseOffset, byte[] Bytes)> BatchesOf(PartitionLog log, long start)
    {
        List<(long BaseOffset, byte[] Bytes)> found = [];
        for (long at = start; at < log.LogEndOffset;)
        {
            using LogReadResult read = log.Read(at, 1_000_000, long.MaxValue, minOneBatch: true);
            var batches = new RecordBatchEnumerator(read.Records.Span);
            long before = at;
            while (batches.MoveNext())
            {
                Assert.True(batches.Current.IsCrcValid());
                Assert.True(batches.Current.LastOffset >= at);
                found.Add((batches.Current.BaseOffset, batches.Current.Bytes.ToArray()));
                at = batches.Current.NextOffset;
            }

            if (at == before)
            {
                break;
            }
        }

        return found;
    }

    private static bool IsVisible(ModelRecord record, long end) => record.Offset < end
        && (record.Transaction is null or { IsCommitted: true, MarkerOffset: < long.MaxValue });
}
