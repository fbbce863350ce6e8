namespace KRaftSharp.Log.Segments;

/// <summary>Where the last batches of a segment start, so that reads near its end search nothing.</summary>
/// <remarks>One writer; readers take no lock: an entry counts only if it was not overwritten while it was
/// read.</remarks>
internal sealed class RecentBatches
{
    private const int Capacity = 128;

    // How close to being overwritten an entry may be before it no longer counts.
    private const int Margin = 4;

    private readonly long[] _offsets = new long[Capacity];
    private readonly int[] _positions = new int[Capacity];
    private long _count;

    public RecentBatches() => Array.Fill(_offsets, -1);

    public void Add(long baseOffset, int position)
    {
        long count = _count;
        int slot = (int)(count & (Capacity - 1));
        Volatile.Write(ref _offsets[slot], -1);
        Volatile.Write(ref _positions[slot], position);
        Volatile.Write(ref _offsets[slot], baseOffset);
        Volatile.Write(ref _count, count + 1);
    }

    public void Clear()
    {
        for (int i = 0; i < Capacity; i++)
        {
            Volatile.Write(ref _offsets[i], -1);
        }
    }

    /// <summary>The position of the batch that starts with exactly this offset.</summary>
    public bool TryFind(long baseOffset, out int position)
    {
        long count = Volatile.Read(ref _count);
        long oldest = Math.Max(0, count - Capacity + Margin);
        for (long i = count - 1; i >= oldest; i--)
        {
            int slot = (int)(i & (Capacity - 1));
            long offset = Volatile.Read(ref _offsets[slot]);
            if (offset == baseOffset)
            {
                position = Volatile.Read(ref _positions[slot]);
                return Volatile.Read(ref _offsets[slot]) == baseOffset
                    && Volatile.Read(ref _count) - i < Capacity;
            }

            if (offset >= 0 && offset < baseOffset)
            {
                break;
            }
        }

        position = 0;
        return false;
    }
}
