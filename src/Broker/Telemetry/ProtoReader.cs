using System.Buffers.Binary;

namespace KRaftSharp.Broker.Telemetry;

/// <summary>Reads the fields of one protobuf message, one after another, without objects.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes)
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int BytesType = 2;
    private const int Fixed32Type = 5;
    private const int TypeBits = 3;
    private const int LongestVarint = 10;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Whether <see cref="Bytes"/> is what the field holds.</summary>
    public bool IsBytes { get; private set; }

    /// <summary>A string, bytes or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>A number: a varint's value, or the bits of a fixed one.</summary>
    public ulong Bits { get; private set; }

    /// <summary>True once the bytes proved to be no message.</summary>
    public bool Failed { get; private set; }

    public readonly double Double => BitConverter.UInt64BitsToDouble(Bits);

    /// <summary>False at the end, or when it <see cref="Failed"/>.</summary>
    public bool Next()
    {
        if (Failed || _rest.IsEmpty)
        {
            return false;
        }

        ulong tag = ReadVarint();
        Field = (int)Math.Min(tag >> TypeBits, int.MaxValue);
        IsBytes = false;
        switch ((int)(tag & ((1 << TypeBits) - 1)))
        {
            case VarintType:
                Bits = ReadVarint();
                break;
            case Fixed64Type when _rest.Length >= sizeof(ulong):
                Bits = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
                _rest = _rest[sizeof(ulong)..];
                break;
            case Fixed32Type when _rest.Length >= sizeof(uint):
                Bits = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
                _rest = _rest[sizeof(uint)..];
                break;
            case BytesType:
                ReadBytes();
                break;
            default:
                Failed = true;
                break;
        }

        return !Failed;
    }

    private void ReadBytes()
    {
        ulong length = ReadVarint();
        if (Failed || length > (ulong)_rest.Length)
        {
            Failed = true;
            return;
        }

        IsBytes = true;
        Bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int i = 0; i < LongestVarint && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        Failed = true;
        return 0;
    }
}
