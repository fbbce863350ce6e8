using FsCheck.Xunit;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Records;

public sealed class Crc32CTests
{
    [Fact]
    public void KnownText_HasItsKnownChecksum() => Assert.Equal(0xE3069283, Crc32C.Compute("123456789"u8));

    [Property(MaxTest = 300)]
    public void Checksum_IsThatOfOneBitAtATime(byte[] bytes, ushort length, byte skip)
    {
        // Long runs reach the interleaved streams, odd starts and ends their edges.
        byte[] buffer = new byte[length + skip];
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer[i] = (byte)((bytes.Length == 0 ? 0 : bytes[i % bytes.Length]) + (i * 31));
        }

        ReadOnlySpan<byte> span = buffer.AsSpan(skip);
        uint expected = BitByBit(span);

        Assert.Equal(expected, Crc32C.Compute(span));
        int half = span.Length / 3;
        Assert.Equal(expected, Crc32C.Append(Crc32C.Compute(span[..half]), span[half..]));
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? 0x82F63B78 ^ (crc >> 1) : crc >> 1;
            }
        }

        return ~crc;
    }
}
