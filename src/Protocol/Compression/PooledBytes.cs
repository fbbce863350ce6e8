using System.Buffers;

namespace KRaftSharp.Protocol.Compression;

/// <summary>A growing byte buffer on pooled arrays. One owner, who disposes it; not thread-safe.</summary>
/// <remarks>Spans and memories handed out are valid until the next write, <see cref="Clear"/> or
/// <see cref="Dispose"/>.</remarks>
public sealed class PooledBytes : IBufferWriter<byte>, IDisposable
{
    private const int MinimumCapacity = 256;

    private byte[] _array;

    /// <param name="capacity">Bytes rented at once; the buffer doubles when it is full.</param>
    public PooledBytes(int capacity = MinimumCapacity) =>
        _array = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, MinimumCapacity));

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> WrittenSpan => _array.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, Length);

    /// <summary>The written bytes, to be changed in place.</summary>
    public Span<byte> MutableSpan => _array.AsSpan(0, Length);

    /// <summary>The written bytes, to be changed in place.</summary>
    public Memory<byte> MutableMemory => _array.AsMemory(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - Length);
        Length += count;
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(Length);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_array.AsSpan(Length));
        Length += bytes.Length;
    }

    public void WriteByte(byte value)
    {
        Reserve(1);
        _array[Length++] = value;
    }

    /// <summary>Forgets the written bytes and keeps the array.</summary>
    public void Clear() => Length = 0;

    public void Dispose()
    {
        byte[] array = _array;
        _array = [];
        Length = 0;
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Reserve(int sizeHint)
    {
        int needed = Math.Max(sizeHint, 1);
        if (needed <= _array.Length - Length)
        {
            return;
        }

        long doubled = Math.Min(Math.Max(2L * _array.Length, MinimumCapacity), Array.MaxLength);
        int capacity = checked((int)Math.Max(doubled, (long)Length + needed));
        byte[] larger = ArrayPool<byte>.Shared.Rent(capacity);
        _array.AsSpan(0, Length).CopyTo(larger);
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
    }
}
