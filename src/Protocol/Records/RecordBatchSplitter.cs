using System.Buffers.Binary;
using static KRaftSharp.Protocol.Records.RecordBatchLayout;

namespace KRaftSharp.Protocol.Records;

/// <summary>Cuts a buffer into the batches it is made of, of any message format, by their lengths alone.</summary>
/// <remarks>An incomplete last batch ends the walk silently, as Kafka's does: a fetch may end anywhere. A frame may be
/// shorter than a header of its own format; <see cref="RecordBatchEnumerator"/> refuses those.</remarks>
public ref struct RecordBatchSplitter
{
    private readonly ReadOnlySpan<byte> _buffer;
    private int _currentAt;

    public RecordBatchSplitter(ReadOnlySpan<byte> buffer) => _buffer = buffer;

    /// <summary>Bytes of the frames returned so far.</summary>
    public int BytesUsed { get; private set; }

    /// <summary>Why the walk stopped early: <see cref="RecordFault.CorruptBatch"/>,
    /// <see cref="RecordFault.NumberOverflow"/>, or none.</summary>
    public RecordFault Fault { get; private set; }

    /// <summary>The frame, from its base offset on; at least <see cref="SizeUpToMagic"/> bytes.</summary>
    public readonly ReadOnlySpan<byte> Current => _buffer[_currentAt..BytesUsed];

    public readonly sbyte Magic => (sbyte)_buffer[_currentAt + MagicAt];

    /// <summary>Where the current frame starts in the buffer.</summary>
    public readonly int Position => _currentAt;

    public bool MoveNext()
    {
        ReadOnlySpan<byte> left = _buffer[BytesUsed..];
        if (Fault != RecordFault.None || left.Length < LogOverhead)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(left[LengthAt..]);
        if (length < MinLength)
        {
            Fault = RecordFault.CorruptBatch;
            return false;
        }

        if (left.Length < SizeUpToMagic)
        {
            return false;
        }

        if ((sbyte)left[MagicAt] is < 0 or > CurrentMagic)
        {
            Fault = RecordFault.CorruptBatch;
            return false;
        }

        if (length > int.MaxValue - LogOverhead)
        {
            Fault = RecordFault.NumberOverflow;
            return false;
        }

        if (left.Length < LogOverhead + length)
        {
            return false;
        }

        _currentAt = BytesUsed;
        BytesUsed += LogOverhead + length;
        return true;
    }
}
