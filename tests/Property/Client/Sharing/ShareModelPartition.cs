using System.Globalization;
using System.Text;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Client.Sharing;

/// <summary>One share partition as a broker keeps it: who has which record, and what has become of it.</summary>
internal sealed class ShareModelPartition(int index, IReadOnlySet<long> gaps, int count)
{
    private readonly SortedDictionary<long, Entry> _entries = new(Enumerable.Range(0, count)
        .ToDictionary(offset => (long)offset, offset => new Entry { IsGap = gaps.Contains(offset) }));

    public int Leader { get; set; }

    public int Epoch { get; private set; }

    public bool IsDone => _entries.Values.All(entry => entry.IsDone);

    /// <summary>Acknowledgements that no client may send: of what it had acknowledged before.</summary>
    public List<string> Mistakes { get; } = [];

    public static string TextOf(int partition, long offset) =>
        string.Create(CultureInfo.InvariantCulture, $"{partition}/{offset}");

    /// <summary>What has not come to its end.</summary>
    public override string ToString() => string.Join(' ', _entries.Where(pair => !pair.Value.IsDone).Select(
        pair => $"{TextOf(index, pair.Key)} delivered {pair.Value.Deliveries} times, held: {pair.Value.Holder}"));

    /// <summary>The client has said that the record shall go to nobody again, and that counts.</summary>
    public bool IsDoneByMember(long offset) => _entries[offset] is { IsDone: true, SaidBy: not null };

    /// <summary>Another leader, which knows nothing of what is acquired.</summary>
    public void Move()
    {
        Leader = (Leader % 3) + 1;
        Epoch++;
        Release(static _ => true);
    }

    public void Release(Func<string, bool> fromMember)
    {
        foreach (Entry entry in _entries.Values.Where(entry => entry.Holder is { } holder && fromMember(holder)))
        {
            entry.Holder = null;
        }
    }

    /// <summary>A lock runs out.</summary>
    public void Expire(int which)
    {
        Entry[] held = [.. _entries.Values.Where(entry => entry.Holder is not null)];
        if (held.Length > 0)
        {
            held[which % held.Length].Holder = null;
        }
    }

    /// <summary>Somebody else takes a record and accepts it.</summary>
    public void AcceptElsewhere(int which)
    {
        Entry[] free = [.. _entries.Values.Where(entry => !entry.IsDone && entry.Holder is null && !entry.IsGap)];
        if (free.Length > 0)
        {
            (free[which % free.Length].IsDone, free[which % free.Length].SaidBy) = (true, null);
        }
    }

    public void Fetch(string member, int maxRecords, ShareFetchResponse.PartitionData answer)
    {
        List<long> taken = [.. _entries.Where(pair => !pair.Value.IsDone && pair.Value.Holder is null)
            .Select(pair => pair.Key).Take(maxRecords)];
        foreach (long offset in taken)
        {
            Entry entry = _entries[offset];
            (entry.Holder, entry.IsSaid) = (member, false);
            entry.Deliveries++;
        }

        foreach ((long first, long last) in RunsOf(taken, (one, other) => _entries[one].Deliveries
            == _entries[other].Deliveries))
        {
            answer.AcquiredRecords.Add(new ShareFetchResponse.AcquiredRecords
            {
                FirstOffset = first,
                LastOffset = last,
                DeliveryCount = _entries[first].Deliveries,
            });
        }

        MemoryStream records = new();
        foreach ((long first, long last) in RunsOf(
            taken.Where(offset => !_entries[offset].IsGap), static (_, _) => true))
        {
            using RecordBatchBuilder builder = new(new RecordBatchOptions { BaseOffset = first });
            for (long offset = first; offset <= last; offset++)
            {
                builder.Append(1, null, Encoding.UTF8.GetBytes(TextOf(index, offset)));
            }

            records.Write(builder.Build().Span);
        }

        // The end of what is acquired is covered by an empty look, so that gaps at the end are known to be gaps.
        if (taken.Count > 0 && _entries[taken[^1]].IsGap)
        {
            using RecordBatchBuilder builder = new(new RecordBatchOptions { BaseOffset = taken[^1] + 1 });
            builder.Append(1, null, "not acquired"u8.ToArray());
            records.Write(builder.Build().Span);
        }

        answer.Records = records.ToArray();
    }

    /// <returns>Whether all of it is this member's to say.</returns>
    public bool Acknowledge(string member, IEnumerable<(long First, long Last, sbyte Type)> said)
    {
        List<(Entry Entry, long Offset, sbyte Type)> all = [.. said.SelectMany(run =>
            Enumerable.Range(0, (int)(run.Last - run.First + 1)).Select(
                i => (_entries[run.First + i], run.First + i, run.Type)))];
        foreach ((Entry entry, long offset, sbyte type) in all)
        {
            if (entry.IsSaid && entry.Holder is null && entry.SaidBy == member)
            {
                Mistakes.Add($"{TextOf(index, offset)} is acknowledged twice");
            }

            if (type == 0 != entry.IsGap && type != 2)
            {
                Mistakes.Add($"{TextOf(index, offset)} is said to be {type}, gap: {entry.IsGap}");
            }
        }

        if (all.Exists(one => one.Entry.Holder != member))
        {
            return false;
        }

        foreach ((Entry entry, _, sbyte type) in all.Where(one => one.Type != 4))
        {
            (entry.Holder, entry.IsSaid, entry.SaidBy) = (null, true, member);
            entry.IsDone = type != 2;
        }

        return true;
    }

    private static List<(long First, long Last)> RunsOf(IEnumerable<long> offsets, Func<long, long, bool> areAlike)
    {
        List<(long First, long Last)> runs = [];
        foreach (long offset in offsets)
        {
            if (runs.Count > 0 && runs[^1].Last + 1 == offset && areAlike(runs[^1].Last, offset))
            {
                runs[^1] = (runs[^1].First, offset);
            }
            else
            {
                runs.Add((offset, offset));
            }
        }

        return runs;
    }

    private sealed class Entry
    {
        public bool IsGap { get; init; }

        public string? Holder { get; set; }

        public short Deliveries { get; set; }

        public bool IsDone { get; set; }

        /// <summary>Its last delivery has been acknowledged for good.</summary>
        public bool IsSaid { get; set; }

        public string? SaidBy { get; set; }
    }
}
