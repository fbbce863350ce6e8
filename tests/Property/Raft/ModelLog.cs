using System.Buffers.Binary;
using KRaftSharp.Log;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Tests.Property.Raft;

/// <summary>A log in memory, of which a crash leaves what was flushed and perhaps some more.</summary>
internal sealed class ModelLog : IRaftLogView
{
    private const int EntrySize = 12;

    public List<ModelEntry> Entries { get; } = [];

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
        }

        return bytes;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at += EntrySize)
        {
            int epoch = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            Entries.Add(new ModelEntry(epoch, BinaryPrimitives.ReadInt64BigEndian(bytes[(at + 4)..])));
        }
    }
}
