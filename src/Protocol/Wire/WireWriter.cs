using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace KRaftSharp.Protocol;

/// <summary>Writes the primitive types one after another into a span that a <see cref="WireSizer"/> has measured.
/// </summary>
public ref struct WireWriter
{
    /// <summary>Characters that take at most 126 bytes, three each.</summary>
    private const int ShortText = 42;

    private readonly Span<byte> _target;
    private readonly List<GatheredBytes>? _gathered;
    private readonly int _gatherThreshold;
    private int _position;

    public WireWriter(Span<byte> target) => _target = target;

    /// <summary>A writer that leaves large byte fields out and notes where they belong.</summary>
    internal WireWriter(Span<byte> target, List<GatheredBytes>? gathered, int gatherThreshold)
    {
        _target = target;
        _gathered = gathered;
        _gatherThreshold = gatherThreshold;
    }

    /// <summary>Bytes written into the span.</summary>
    public readonly int Position => _position;

    public void WriteBool(bool value) => WriteInt8(value ? (sbyte)1 : (sbyte)0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteInt8(sbyte value) => _target[_position++] = (byte)value;

    public void WriteInt16(short value) =>
        Unsafe.WriteUnaligned(ref Take(sizeof(short)), BinaryPrimitives.ReverseEndianness(value));

    public void WriteUInt16(ushort value) => WriteInt16((short)value);

    public void WriteInt32(int value) =>
        Unsafe.WriteUnaligned(ref Take(sizeof(int)), BinaryPrimitives.ReverseEndianness(value));

    public void WriteUInt32(uint value) => WriteInt32((int)value);

    public void WriteInt64(long value) =>
        Unsafe.WriteUnaligned(ref Take(sizeof(long)), BinaryPrimitives.ReverseEndianness(value));

    public void WriteFloat64(double value) => WriteInt64(BitConverter.DoubleToInt64Bits(value));

    public void WriteUuid(Uuid value)
    {
        value.WriteTo(_target[_position..]);
        _position += Uuid.Size;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUnsignedVarint(uint value)
    {
        while (value >= 0x80)
        {
            _target[_position++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _target[_position++] = (byte)value;
    }

    /// <summary>In zigzag form.</summary>
    public void WriteVarint(int value) => WriteUnsignedVarint(WireVarint.ZigZag(value));

    /// <summary>In zigzag form.</summary>
    public void WriteVarlong(long value)
    {
        ulong left = WireVarint.ZigZag(value);
        while (left >= 0x80)
        {
            _target[_position++] = (byte)(left | 0x80);
            left >>= 7;
        }

        _target[_position++] = (byte)left;
    }

    public void WriteString(string value, bool compact)
    {
        if (value is null)
        {
            UnsupportedFieldException.ThrowNull();
        }

        WriteNullableString(value, compact);
    }

    public void WriteNullableString(string? value, bool compact)
    {
        if (value is null)
        {
            WriteStringLength(-1, compact);
        }
        else if (value.Length <= ShortText)
        {
            // The length takes a byte whatever the characters are, so it can be written after them.
            int lengthBytes = compact ? 1 : sizeof(short);
            int length = Encoding.UTF8.GetBytes(value, _target[(_position + lengthBytes)..]);
            WriteStringLength(length, compact);
            _position += length;
        }
        else
        {
            WriteStringLength(Encoding.UTF8.GetByteCount(value), compact);
            _position += Encoding.UTF8.GetBytes(value, _target[_position..]);
        }
    }

    public void WriteBytes(ReadOnlyMemory<byte> value, bool compact)
    {
        WriteBytesLength(value.Length, compact);
        WriteRaw(value.Span);
    }

    public void WriteNullableBytes(ReadOnlyMemory<byte>? value, bool compact)
    {
        if (value is { } bytes)
        {
            WriteBytes(bytes, compact);
        }
        else
        {
            WriteBytesLength(-1, compact);
        }
    }

    /// <summary>Bytes that a gathering writer leaves out where they are many.</summary>
    public void WriteRecords(ReadOnlyMemory<byte> value, bool compact)
    {
        WriteBytesLength(value.Length, compact);
        if (_gathered is not null && value.Length >= _gatherThreshold)
        {
            _gathered.Add(new GatheredBytes(_position, value));
        }
        else
        {
            WriteRaw(value.Span);
        }
    }

    public void WriteNullableRecords(ReadOnlyMemory<byte>? value, bool compact)
    {
        if (value is { } bytes)
        {
            WriteRecords(bytes, compact);
        }
        else
        {
            WriteBytesLength(-1, compact);
        }
    }

    public void WriteRaw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_target[_position..]);
        _position += value.Length;
    }

    public void WriteArrayLength(int count, bool compact) => WriteBytesLength(count, compact);

    /// <summary>The marker in front of a nullable struct.</summary>
    public void WritePresence(bool present) => WriteInt8(present ? (sbyte)1 : (sbyte)-1);

    public void WriteTag(int tag, int valueBytes)
    {
        WriteUnsignedVarint((uint)tag);
        WriteUnsignedVarint((uint)valueBytes);
    }

    /// <summary>The tagged fields of a struct that knows none or has none set.</summary>
    public void WriteTags(TaggedFields? unknown)
    {
        WriteUnsignedVarint((uint)TaggedFields.CountOf(unknown));
        int next = 0;
        WriteUnknownTags(unknown, ref next, int.MaxValue);
    }

    /// <summary>Unknown fields from index <paramref name="next"/> on with tags up to <paramref name="upTo"/>.
    /// </summary>
    public void WriteUnknownTags(TaggedFields? unknown, ref int next, int upTo)
    {
        for (; next < TaggedFields.CountOf(unknown) && unknown![next].Tag <= upTo; next++)
        {
            WriteTag(unknown[next].Tag, unknown[next].Data.Length);
            WriteRaw(unknown[next].Data.Span);
        }
    }

    private void WriteStringLength(int length, bool compact)
    {
        if (length > short.MaxValue)
        {
            UnsupportedFieldException.ThrowTooLong(length);
        }

        if (compact)
        {
            WriteUnsignedVarint((uint)(length + 1));
        }
        else
        {
            WriteInt16((short)length);
        }
    }

    /// <summary>The place of the next bytes, checked to be there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref byte Take(int length)
    {
        int at = _position;
        if (length > _target.Length - at)
        {
            ThrowFull();
        }

        _position = at + length;
        return ref Unsafe.Add(ref MemoryMarshal.GetReference(_target), at);
    }

    [DoesNotReturn]
    private static void ThrowFull() => throw new InvalidOperationException("The message is larger than measured.");

    private void WriteBytesLength(int length, bool compact)
    {
        if (compact)
        {
            WriteUnsignedVarint((uint)(length + 1));
        }
        else
        {
            WriteInt32(length);
        }
    }
}
