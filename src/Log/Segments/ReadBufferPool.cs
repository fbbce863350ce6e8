using System.Collections.Concurrent;
using System.Numerics;

namespace KRaftSharp.Log.Segments;

/// <summary>Memory for reads, placed so that the kernel copies fast. Thread-safe.</summary>
/// <remarks>
/// Buffers come in powers of two from 16 KiB to 32 MiB, and a page more to be placed in; the pool keeps at most
/// <see cref="KeptBytesPerSize"/> of each size, or one. They are pinned, since a moved array would lose its place
/// within the page.
/// </remarks>
public sealed class ReadBufferPool
{
    public const int KeptBytesPerSize = 8 * 1024 * 1024;

    private const int SmallestLog2 = 14;
    private const int SizeCount = 12;

    private readonly ConcurrentQueue<ReadBuffer>[] _free =
        [.. Enumerable.Range(0, SizeCount).Select(static _ => new ConcurrentQueue<ReadBuffer>())];

    private readonly int[] _freeCount = new int[SizeCount];
    private int _rented;

    /// <summary>Buffers that were not given back so far.</summary>
    public int RentedCount => Volatile.Read(ref _rented);

    /// <summary>A buffer of <paramref name="length"/> bytes for what lies at a position of a file.</summary>
    public ReadBuffer Rent(int length, long filePosition = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        int sizeClass = length <= 1 << SmallestLog2 ? 0 : BitOperations.Log2((uint)length - 1) + 1 - SmallestLog2;
        if (sizeClass < SizeCount && _free[sizeClass].TryDequeue(out ReadBuffer? buffer))
        {
            Interlocked.Decrement(ref _freeCount[sizeClass]);
        }
        else
        {
            int capacity = sizeClass < SizeCount ? 1 << (SmallestLog2 + sizeClass) : length;
            buffer = new ReadBuffer(this, checked(capacity + ReadBuffer.Slack), sizeClass);
        }

        Interlocked.Increment(ref _rented);
        buffer.Place(length, filePosition);
        return buffer;
    }

    internal void Return(ReadBuffer buffer)
    {
        Interlocked.Decrement(ref _rented);
        buffer.Clear();
        int sizeClass = buffer.SizeClass;
        if (sizeClass >= SizeCount)
        {
            return;
        }

        int most = Math.Max(1, KeptBytesPerSize >> (SmallestLog2 + sizeClass));
        if (Interlocked.Increment(ref _freeCount[sizeClass]) <= most)
        {
            _free[sizeClass].Enqueue(buffer);
        }
        else
        {
            Interlocked.Decrement(ref _freeCount[sizeClass]);
        }
    }
}
