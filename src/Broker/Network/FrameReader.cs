using System.Buffers.Binary;

namespace KRaftSharp.Broker.Network;

/// <summary>
/// Receives into one contiguous pooled buffer and cuts it into frames. What a frame declares is not believed: the
/// buffer grows fourfold with the bytes that came, or at once to a size that this connection has filled before.
/// </summary>
internal sealed class FrameReader(int maxFrameBytes, BufferBudget? budget) : IDisposable
{
    private const int PrefixBytes = 4;
    private const int SmallBytes = 16 * 1024;
    private const int KeptBytes = 1024 * 1024;
    private const int LeastRoomBytes = 1024;
    private const int Growth = 4;

    private FrameBuffer? _buffer;
    private int _start;
    private int _end;
    private int _trustedBytes = SmallBytes;

    public FrameFault Fault { get; private set; }

    /// <summary>The length that was refused.</summary>
    public int FaultyLength { get; private set; }

    /// <summary>Bytes received and not yet taken.</summary>
    public int PendingBytes => _end - _start;

    /// <summary>Where to receive into; never empty.</summary>
    public Memory<byte> Room()
    {
        MakeRoom();
        return _buffer!.Array.AsMemory(_end);
    }

    /// <summary>Says that <paramref name="count"/> bytes have been received into <see cref="Room"/>.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>Takes the next complete frame, without its length; the owner is disposed by the caller, once.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> frame, out IDisposable? owner)
    {
        frame = default;
        owner = null;
        if (!HasCompleteFrame(out int length))
        {
            return false;
        }

        frame = _buffer!.Array.AsMemory(_start + PrefixBytes, length);
        owner = _buffer.Hold();
        _start += PrefixBytes + length;
        _trustedBytes = Math.Max(length + PrefixBytes, Math.Max(SmallBytes, _trustedBytes - (_trustedBytes / 8)));
        return true;
    }

    /// <summary>True when another whole frame lies ready.</summary>
    public bool HasCompleteFrame() => HasCompleteFrame(out _);

    public void Dispose()
    {
        _buffer?.Dispose();
        _buffer = null;
    }

    private bool HasCompleteFrame(out int length)
    {
        length = 0;
        if (Fault != FrameFault.None || PendingBytes < PrefixBytes)
        {
            return false;
        }

        length = BinaryPrimitives.ReadInt32BigEndian(_buffer!.Array.AsSpan(_start));
        if (length < 0 || length > maxFrameBytes)
        {
            Fault = length < 0 ? FrameFault.NegativeLength : FrameFault.TooLong;
            FaultyLength = length;
            return false;
        }

        return PendingBytes - PrefixBytes >= length;
    }

    private void MakeRoom()
    {
        if (_buffer is null)
        {
            Replace(SmallBytes);
            return;
        }

        if (PendingBytes == 0)
        {
            Rewind();
            return;
        }

        int wanted = PendingBytes < PrefixBytes
            ? SmallBytes
            : PrefixBytes + BinaryPrimitives.ReadInt32BigEndian(_buffer.Array.AsSpan(_start));
        if (_start + wanted <= _buffer.Capacity && _end < _buffer.Capacity)
        {
            return;
        }

        if (wanted <= _buffer.Capacity && _buffer.IsUnshared)
        {
            _buffer.Array.AsSpan(_start, PendingBytes).CopyTo(_buffer.Array);
            (_start, _end) = (0, PendingBytes);
            return;
        }

        int believed = Math.Max(_trustedBytes, (int)Math.Min(int.MaxValue, (long)PendingBytes * Growth));
        if (_end == _buffer.Capacity || _start + Math.Min(wanted, believed) > _buffer.Capacity)
        {
            Replace(Math.Max(SmallBytes, Math.Min(wanted, believed)));
        }
    }

    /// <summary>Nothing is pending: start over, in the same array if nobody reads it any more.</summary>
    private void Rewind()
    {
        int wanted = Math.Min(_trustedBytes, KeptBytes);
        if (_buffer!.IsUnshared && _buffer.Capacity <= KeptBytes && _buffer.Capacity >= wanted)
        {
            (_start, _end) = (0, 0);
        }
        else if (_buffer.IsUnshared || _buffer.Capacity - _end < LeastRoomBytes)
        {
            Replace(wanted);
        }
    }

    private void Replace(int leastBytes)
    {
        FrameBuffer larger = FrameBuffer.Rent(leastBytes, budget);
        int pending = PendingBytes;
        if (_buffer is not null)
        {
            _buffer.Array.AsSpan(_start, pending).CopyTo(larger.Array);
            _buffer.Dispose();
        }

        _buffer = larger;
        (_start, _end) = (0, pending);
    }
}
