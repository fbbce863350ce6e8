using System.Numerics;

namespace KRaftSharp.Protocol;

/// <summary>Sizes and zigzag form of varints.</summary>
public static class WireVarint
{
    public static int SizeOf(uint value) => (38 - BitOperations.LeadingZeroCount(value | 1)) / 7;

    public static int SizeOf(ulong value) => (70 - BitOperations.LeadingZeroCount(value | 1)) / 7;

    public static uint ZigZag(int value) => (uint)((value << 1) ^ (value >> 31));

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));
}
