using System.Buffers;

namespace KRaftSharp.Broker.Network;

/// <summary>A pooled array shared by the frames in it; back in the pool when the last holder lets go.</summary>
internal sealed class FrameBuffer : IDisposable
{
    private readonly BufferBudget? _budget;
    private byte[]? _array;
    private int _holders = 1;

    private FrameBuffer(byte[] array, BufferBudget? budget)
    {
        _array = array;
        _budget = budget;
        budget?.Take(array.Length);
    }

    public byte[] Array => _array ?? throw new ObjectDisposedException(nameof(FrameBuffer));

    public int Capacity => Array.Length;

    /// <summary>True when nobody but the caller holds it, so that its bytes may be moved or overwritten.</summary>
    public bool IsUnshared => Volatile.Read(ref _holders) == 1;

    public static FrameBuffer Rent(int leastBytes, BufferBudget? budget) =>
        new(ArrayPool<byte>.Shared.Rent(leastBytes), budget);

    /// <summary>One more holder, who calls <see cref="Dispose"/> once.</summary>
    public FrameBuffer Hold()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            byte[] array = _array!;
            _array = null;
            ArrayPool<byte>.Shared.Return(array);
            _budget?.Return(array.Length);
        }
    }
}
