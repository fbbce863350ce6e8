using System.Buffers.Binary;
using KRaftSharp.Log;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Tests.Property.Raft;

/// <summary>A log in memory, of which a crash leaves what was flushed and perhaps some more.</summary>
/// <param name="first">The voters of an empty log.</param>
/// <param name="sets">All voter sets of the run: entries travel with an index into them.</param>
internal sealed class ModelLog(VoterHistory first, List<VoterSet> sets) : IRaftLogView
{
    private const int EntrySize = 16;

    public List<ModelEntry> Entries { get; } = [];

    public VoterHistory Voters { get; private set; } = first;

    /// <summary>What survives any crash.</summary>
    public long DurableEnd { get; set; }

    public int Truncations { get; private set; }

    public long StartOffset => 0;

    public long EndOffset => Entries.Count;

    public int LastEpoch => Entries is [.., var last] ? last.Epoch : 0;

    public LogPoint? EarliestSnapshot => null;

    public LogPoint? LatestSnapshot => null;

    public LogPoint EndOffsetForEpoch(int epoch)
    {
        for (int i = Entries.Count - 1; i >= 0; i--)
        {
            if (Entries[i].Epoch <= epoch)
            {
                return new LogPoint(Entries[i].Epoch, i + 1);
            }
        }

        return new LogPoint(Entries.Count == 0 ? 0 : epoch, 0);
    }

    public void Truncate(long endOffset)
    {
        Truncations++;
        DurableEnd = Math.Min(DurableEnd, endOffset);
        Entries.RemoveRange((int)endOffset, Entries.Count - (int)endOffset);
        Voters = Voters.TruncateTo(endOffset);
    }

    public void Add(ModelEntry entry)
    {
        if (entry.Voters is { } voters)
        {
            Voters = Voters.Add(Entries.Count, voters);
        }

        Entries.Add(entry);
    }

    /// <summary>A new disk, formatted: nothing is left.</summary>
    public void Wipe(VoterHistory empty)
    {
        Truncate(0);
        Voters = empty;
    }

    /// <summary>The entries from an offset on, at most ten, as they travel.</summary>
    public byte[] Read(long offset)
    {
        int count = Math.Min(Entries.Count - (int)offset, 10);
        byte[] bytes = new byte[count * EntrySize];
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * EntrySize), Entries[(int)offset + i].Epoch);
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan((i * EntrySize) + 4), Entries[(int)offset + i].Value);
            BinaryPrimitives.WriteInt32BigEndian(
                bytes.AsSpan((i * EntrySize) + 12), IndexOf(Entries[(int)offset + i].Voters));
        }

        return bytes;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at += EntrySize)
        {
            int epoch = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            int voters = BinaryPrimitives.ReadInt32BigEndian(bytes[(at + 12)..]);
            Add(new ModelEntry(
                epoch, BinaryPrimitives.ReadInt64BigEndian(bytes[(at + 4)..]), voters < 0 ? null : sets[voters]));
        }
    }

    private int IndexOf(VoterSet? voters)
    {
        if (voters is null)
        {
            return -1;
        }

        int index = sets.FindIndex(set => ReferenceEquals(set, voters));
        if (index < 0)
        {
            index = sets.Count;
            sets.Add(voters);
        }

        return index;
    }
}
