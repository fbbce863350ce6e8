using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KRaftSharp.Protocol.Records;

/// <summary>CRC-32C (Castagnoli), the checksum of record batches, by the processor's own instructions.</summary>
/// <remarks>The checksum instruction takes three cycles but one can start in each: long inputs are cut into three lanes
/// that run side by side and are joined by a carry-less multiplication, three times the speed of one lane.</remarks>
public static class Crc32C
{
    private const uint Polynomial = 0x82F63B78;

    // Three lanes and the eight bytes that take up the joined checksum: 8 KiB, and half a KiB.
    private const int LongLane = 2728;
    private const int ShortLane = 168;

    private static readonly ulong LongFirst = ShiftFactor((2 * LongLane) + sizeof(ulong));
    private static readonly ulong LongSecond = ShiftFactor(LongLane + sizeof(ulong));
    private static readonly ulong ShortFirst = ShiftFactor((2 * ShortLane) + sizeof(ulong));
    private static readonly ulong ShortSecond = ShiftFactor(ShortLane + sizeof(ulong));

    /// <summary>The checksum of <paramref name="bytes"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>Carries a checksum on over the bytes that follow those it was computed of.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint state = ~crc;
        ref byte at = ref MemoryMarshal.GetReference(bytes);
        int left = bytes.Length;
        if (Sse42.X64.IsSupported && Pclmulqdq.IsSupported)
        {
            state = AppendLanes(state, ref at, ref left, LongLane, LongFirst, LongSecond);
            at = ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), bytes.Length - left);
            state = AppendLanes(state, ref at, ref left, ShortLane, ShortFirst, ShortSecond);
            at = ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), bytes.Length - left);
        }

        while (left >= sizeof(ulong))
        {
            ulong word = Unsafe.ReadUnaligned<ulong>(ref at);
            state = BitOperations.Crc32C(
                state, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
            at = ref Unsafe.Add(ref at, sizeof(ulong));
            left -= sizeof(ulong);
        }

        for (; left > 0; left--)
        {
            state = BitOperations.Crc32C(state, at);
            at = ref Unsafe.Add(ref at, 1);
        }

        return ~state;
    }

    private static uint AppendLanes(uint state, ref byte at, ref int left, int lane, ulong first, ulong second)
    {
        ulong a = state;
        while (left >= (3 * lane) + sizeof(ulong))
        {
            ref byte end = ref Unsafe.Add(ref at, lane);
            ulong b = 0;
            ulong c = 0;
            do
            {
                a = Sse42.X64.Crc32(a, Unsafe.ReadUnaligned<ulong>(ref at));
                b = Sse42.X64.Crc32(b, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, lane)));
                c = Sse42.X64.Crc32(c, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, 2 * lane)));
                at = ref Unsafe.Add(ref at, sizeof(ulong));
            }
            while (Unsafe.IsAddressLessThan(ref at, ref end));

            at = ref Unsafe.Add(ref at, 2 * lane);
            Vector128<ulong> joined = Pclmulqdq.CarrylessMultiply(
                    Vector128.CreateScalar(a), Vector128.CreateScalar(first), 0)
                ^ Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(b), Vector128.CreateScalar(second), 0);
            a = Sse42.X64.Crc32(c, Unsafe.ReadUnaligned<ulong>(ref at) ^ joined.ToScalar());
            at = ref Unsafe.Add(ref at, sizeof(ulong));
            left -= (3 * lane) + sizeof(ulong);
        }

        return (uint)a;
    }

    // x to the power of 8 * bytes - 33, modulo the polynomial, bits reflected. The product of a checksum with it, put
    // through the instruction once more, is that checksum moved on over so many zero bytes; the instruction itself
    // multiplies by x^32, and the product of two reflected numbers is off by one more.
    private static ulong ShiftFactor(int bytes)
    {
        uint power = 0x80000000;
        for (int i = 0; i < (8 * bytes) - 33; i++)
        {
            power = (power & 1) != 0 ? Polynomial ^ (power >> 1) : power >> 1;
        }

        return power;
    }
}
