using System.Runtime.CompilerServices;

namespace KRaftSharp.Protocol.Records;

/// <summary>The zigzag varints inside records: up to five bytes for 32 bits, ten for 64.</summary>
/// <remarks>Read as Kafka reads them: padding is accepted, bits beyond the width fall off, and one byte too many
/// is an error.</remarks>
internal static class RecordVarint
{
    internal const int MaxBytes32 = 5;
    internal const int MaxBytes64 = 10;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int at, out int value)
    {
        if ((uint)at < (uint)bytes.Length && bytes[at] is var first and < 0x80)
        {
            at++;
            value = (first >> 1) ^ -(first & 1);
            return true;
        }

        return TryReadSlow(bytes, ref at, out value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadLong(ReadOnlySpan<byte> bytes, ref int at, out long value)
    {
        if ((uint)at < (uint)bytes.Length && bytes[at] is var first and < 0x80)
        {
            at++;
            value = (first >> 1) ^ -(first & 1);
            return true;
        }

        return TryReadLongSlow(bytes, ref at, out value);
    }

    /// <summary>Whether a 32-bit varint that could not be read has a byte too many, rather than one too few.</summary>
    public static bool IsOverlong(ReadOnlySpan<byte> bytes, int at)
    {
        if (bytes.Length - at < MaxBytes32)
        {
            return false;
        }

        foreach (byte b in bytes.Slice(at, MaxBytes32))
        {
            if (b < 0x80)
            {
                return false;
            }
        }

        return true;
    }

    public static int SizeOf(int value) => SizeOfUnsigned((uint)((value << 1) ^ (value >> 31)));

    public static int SizeOfLong(long value) => SizeOfUnsigned((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Writes and returns the bytes used.</summary>
    public static int Write(Span<byte> destination, int value) =>
        WriteUnsigned(destination, (uint)((value << 1) ^ (value >> 31)));

    public static int WriteLong(Span<byte> destination, long value) =>
        WriteUnsigned(destination, (ulong)((value << 1) ^ (value >> 63)));

    private static int SizeOfUnsigned(ulong value) =>
        (70 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7;

    private static int WriteUnsigned(Span<byte> destination, ulong value)
    {
        int at = 0;
        while (value >= 0x80)
        {
            destination[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[at++] = (byte)value;
        return at;
    }

    private static bool TryReadSlow(ReadOnlySpan<byte> bytes, ref int at, out int value)
    {
        uint raw = 0;
        for (int i = 0; i < MaxBytes32 && (uint)(at + i) < (uint)bytes.Length; i++)
        {
            byte b = bytes[at + i];
            raw |= (uint)(b & 0x7F) << (7 * i);
            if (b < 0x80)
            {
                at += i + 1;
                value = (int)(raw >> 1) ^ -(int)(raw & 1);
                return true;
            }
        }

        value = 0;
        return false;
    }

    private static bool TryReadLongSlow(ReadOnlySpan<byte> bytes, ref int at, out long value)
    {
        ulong raw = 0;
        for (int i = 0; i < MaxBytes64 && (uint)(at + i) < (uint)bytes.Length; i++)
        {
            byte b = bytes[at + i];
            raw |= (ulong)(b & 0x7F) << (7 * i);
            if (b < 0x80)
            {
                at += i + 1;
                value = (long)(raw >> 1) ^ -(long)(raw & 1);
                return true;
            }
        }

        value = 0;
        return false;
    }
}
