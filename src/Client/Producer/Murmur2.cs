using System.Buffers.Binary;

namespace KRaftSharp.Client.Producer;

/// <summary>The 32-bit hash that Kafka's clients choose a key's partition by; equal to Java's for every key.</summary>
public static class Murmur2
{
    private const uint Multiplier = 0x5BD1E995;
    private const int Shift = 24;
    private const uint Seed = 0x9747B28C;

    public static int Hash(ReadOnlySpan<byte> data)
    {
        uint hash = Seed ^ (uint)data.Length;
        while (data.Length >= sizeof(uint))
        {
            uint k = BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier;
            k ^= k >> Shift;
            hash = (hash * Multiplier) ^ (k * Multiplier);
            data = data[sizeof(uint)..];
        }

        if (data.Length > 0)
        {
            for (int i = data.Length - 1; i >= 0; i--)
            {
                hash ^= (uint)data[i] << (8 * i);
            }

            hash *= Multiplier;
        }

        hash ^= hash >> 13;
        hash *= Multiplier;
        return (int)(hash ^ (hash >> 15));
    }

    /// <summary>The partition of a key among so many.</summary>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitionCount) =>
        (Hash(key) & int.MaxValue) % partitionCount;
}
