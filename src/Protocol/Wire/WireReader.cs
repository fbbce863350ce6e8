using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace KRaftSharp.Protocol;

/// <summary>Reads the primitive types one after another. The first fault sticks: from then on every read gives zero,
/// empty or null, so that callers look at <see cref="HasError"/> once, at the end.</summary>
/// <remarks>Byte fields are slices of the buffer. Nothing is allocated by a declared length that the bytes left cannot
/// justify.</remarks>
/// <param name="buffer">What is read; must outlive the byte fields.</param>
/// <param name="strings">Shares the strings that come again and again; null makes a new one each time.</param>
public ref struct WireReader(ReadOnlyMemory<byte> buffer, StringCache? strings = null)
{
    private readonly ReadOnlyMemory<byte> _buffer = buffer;
    private readonly StringCache? _strings = strings;
    private ReadOnlySpan<byte> _bytes = buffer.Span;
    private int _position;
    private WireError _error;

    public readonly bool HasError => _error.Fault != WireFault.None;

    public readonly WireError Error => _error;

    /// <summary>Offset of the next byte; meaningless after a fault.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes not read yet; none after a fault.</summary>
    public readonly int Remaining => _bytes.Length - _position;

    /// <summary>Makes this reader fail here, unless it has failed before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Fail(WireFault fault)
    {
        if (!HasError)
        {
            _error = new WireError(fault, _position);
        }

        _bytes = default;
        _position = 0;
    }

    public bool ReadBool() => ReadInt8() != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public sbyte ReadInt8()
    {
        int at = _position;
        if ((uint)at < (uint)_bytes.Length)
        {
            _position = at + 1;
            return (sbyte)_bytes[at];
        }

        Fail(WireFault.Truncated);
        return 0;
    }

    public short ReadInt16() => TryTake(sizeof(short), out int at)
        ? BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<short>(in At(at)))
        : (short)0;

    public ushort ReadUInt16() => (ushort)ReadInt16();

    public int ReadInt32() => TryTake(sizeof(int), out int at)
        ? BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<int>(in At(at)))
        : 0;

    public uint ReadUInt32() => (uint)ReadInt32();

    public long ReadInt64() => TryTake(sizeof(long), out int at)
        ? BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<long>(in At(at)))
        : 0;

    public double ReadFloat64() => BitConverter.Int64BitsToDouble(ReadInt64());

    public Uuid ReadUuid() => TryTake(Uuid.Size, out int at) ? Uuid.ReadFrom(_bytes[at..]) : default;

    /// <summary>An unsigned varint of at most five bytes; bits beyond the 32nd fall off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadUnsignedVarint()
    {
        int at = _position;
        if ((uint)at < (uint)_bytes.Length && _bytes[at] < 0x80)
        {
            _position = at + 1;
            return _bytes[at];
        }

        return (uint)ReadLongVarint(5);
    }

    /// <summary>A zigzag varint of at most five bytes.</summary>
    public int ReadVarint()
    {
        uint raw = ReadUnsignedVarint();
        return (int)(raw >> 1) ^ -(int)(raw & 1);
    }

    /// <summary>A zigzag varint of at most ten bytes.</summary>
    public long ReadVarlong()
    {
        ulong raw = ReadLongVarint(10);
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    public string ReadString(bool compact)
    {
        if (ReadNullableString(compact) is { } text)
        {
            return text;
        }

        Fail(WireFault.UnexpectedNull);
        return "";
    }

    public string? ReadNullableString(bool compact)
    {
        int length = compact ? (int)ReadUnsignedVarint() - 1 : ReadInt16();
        if (length <= 0)
        {
            return length == 0 || HasError ? "" : null;
        }

        if (length > short.MaxValue)
        {
            Fail(WireFault.InvalidLength);
            return "";
        }

        if (!TryTake(length, out int at))
        {
            return "";
        }

        ReadOnlySpan<byte> utf8 = _bytes.Slice(at, length);
        return _strings is null ? Encoding.UTF8.GetString(utf8) : _strings.Get(utf8);
    }

    public ReadOnlyMemory<byte> ReadBytes(bool compact)
    {
        if (ReadNullableBytes(compact) is { } bytes)
        {
            return bytes;
        }

        Fail(WireFault.UnexpectedNull);
        return default;
    }

    public ReadOnlyMemory<byte>? ReadNullableBytes(bool compact)
    {
        int length = compact ? (int)ReadUnsignedVarint() - 1 : ReadInt32();
        if (length < 0)
        {
            // Not the bare word null: beside a ReadOnlyMemory it would mean an empty one.
            return HasError ? ReadOnlyMemory<byte>.Empty : default(ReadOnlyMemory<byte>?);
        }

        return TryTake(length, out int at) ? _buffer.Slice(at, length) : default;
    }

    /// <summary>The number of elements that follow.</summary>
    /// <param name="compact">Whether it is an unsigned varint, one too high.</param>
    /// <param name="leastElementBytes">The fewest bytes one element takes: what cannot fit is refused at once.</param>
    public int ReadArrayLength(bool compact, int leastElementBytes)
    {
        int count = ReadNullableArrayLength(compact, leastElementBytes);
        if (count < 0)
        {
            Fail(WireFault.UnexpectedNull);
            return 0;
        }

        return count;
    }

    /// <summary>The number of elements that follow, -1 for null. After a fault it is 0.</summary>
    public int ReadNullableArrayLength(bool compact, int leastElementBytes)
    {
        int count = compact ? (int)ReadUnsignedVarint() - 1 : ReadInt32();
        if (count <= 0)
        {
            return count == 0 || HasError ? 0 : -1;
        }

        if ((long)count * leastElementBytes > Remaining)
        {
            Fail(WireFault.Truncated);
            return 0;
        }

        return count;
    }

    /// <summary>Whether a nullable struct follows: its marker is negative for null.</summary>
    public bool ReadPresence() => ReadInt8() >= 0 && !HasError;

    /// <summary>The raw bytes that follow.</summary>
    public ReadOnlyMemory<byte> ReadRaw(int length) =>
        length >= 0 && TryTake(length, out int at) ? _buffer.Slice(at, length) : default;

    /// <summary>The tag of the next tagged field, and where its value ends.</summary>
    /// <param name="previous">The tag before it, which it must exceed; -1 for none.</param>
    public int ReadTag(int previous, out int end)
    {
        uint tag = ReadUnsignedVarint();
        uint size = ReadUnsignedVarint();
        if (HasError || tag > int.MaxValue || (int)tag <= previous || size > (uint)Remaining)
        {
            Fail(size > (uint)Remaining ? WireFault.Truncated : WireFault.TagOrder);
            end = 0;
            return -1;
        }

        end = _position + (int)size;
        return (int)tag;
    }

    /// <summary>Checks that a tagged field's value ended where it should.</summary>
    public void EndTag(int end)
    {
        if (_position != end)
        {
            Fail(WireFault.TagSizeMismatch);
        }
    }

    /// <summary>Keeps the value of an unknown tag that ends at <paramref name="end"/>.</summary>
    public TaggedFields? KeepTag(TaggedFields? kept, int tag, int end)
    {
        if (HasError)
        {
            return kept;
        }

        kept ??= new TaggedFields();
        kept.Add(tag, ReadRaw(end - _position));
        return kept;
    }

    /// <summary>The tagged fields of a struct that knows none.</summary>
    public TaggedFields? ReadUnknownTags()
    {
        TaggedFields? kept = null;
        int tag = -1;
        for (uint left = ReadUnsignedVarint(); left > 0 && !HasError; left--)
        {
            tag = ReadTag(tag, out int end);
            kept = KeepTag(kept, tag, end);
        }

        return kept;
    }

    /// <summary>A byte whose place has been checked.</summary>
    private readonly ref readonly byte At(int at) => ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(int length, out int at)
    {
        at = _position;
        if (length <= _bytes.Length - at)
        {
            _position = at + length;
            return true;
        }

        Fail(WireFault.Truncated);
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong ReadLongVarint(int mostBytes)
    {
        ulong value = 0;
        for (int i = 0; i < mostBytes; i++)
        {
            if ((uint)_position >= (uint)_bytes.Length)
            {
                Fail(WireFault.Truncated);
                return 0;
            }

            byte next = _bytes[_position++];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return value;
            }
        }

        Fail(WireFault.VarintTooLong);
        return 0;
    }
}
