using System.Buffers.Binary;

namespace KRaftSharp.Protocol;

/// <summary>The hash by which producers of all languages choose the partition of a key: murmur2, 32 bits, with
/// Kafka's seed.</summary>
public static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;
    private const int Shift = 24;

    public static int Hash(ReadOnlySpan<byte> key)
    {
        uint hash = Seed ^ (uint)key.Length;
        for (; key.Length >= sizeof(uint); key = key[sizeof(uint)..])
        {
            uint part = BinaryPrimitives.ReadUInt32LittleEndian(key) * Multiplier;
            hash = (hash * Multiplier) ^ ((part ^ (part >> Shift)) * Multiplier);
        }

        if (key.Length > 0)
        {
            uint rest = 0;
            for (int i = key.Length - 1; i >= 0; i--)
            {
                rest = (rest << 8) | key[i];
            }

            hash = (hash ^ rest) * Multiplier;
        }

        hash = (hash ^ (hash >> 13)) * Multiplier;
        return (int)(hash ^ (hash >> 15));
    }

    /// <summary>The partition that a key goes to: the hash without its sign, modulo the number of partitions.</summary>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitionCount) =>
        (Hash(key) & int.MaxValue) % partitionCount;
}
