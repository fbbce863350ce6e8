using System.Buffers.Binary;
using K4os.Hash.xxHash;

namespace KRaftSharp.Protocol.Compression;

/// <summary>LZ4 in its frame format, with Kafka's restrictions: one frame, independent blocks, no dictionary.</summary>
/// <remarks>
/// The frame (little-endian): magic 0x184D2204, a flag byte, a block size byte, the content size when flagged, one byte
/// of the descriptor's XXH32; then blocks of uint32 size (the top bit says stored, not compressed), the bytes, and
/// their XXH32 when flagged; a size of zero ends it. Kafka checks the descriptor's and the blocks' checksums and
/// passes over the content's. Levels 1 to 17 are the Java library's; its default, 9, stands for the fast mode.
/// </remarks>
internal sealed class Lz4Codec(ILz4Blocks blocks) : IPayloadCodec
{
    internal const uint FrameMagic = 0x184D2204;
    internal const uint StoredFlag = 0x80000000;

    private const byte Flags = 0x60;            // version 1, independent blocks, no checksums
    private const byte BlockSizeCode = 0x40;    // 64 KiB
    private const int BlockBytes = 64 * 1024;
    private const int DescriptorBytes = 7;
    private const int HighestLibraryLevel = 12;

    public CompressionCodec Id => CompressionCodec.Lz4;

    public int DefaultLevel => 9;

    /// <summary>With the system's library, or without it where there is none.</summary>
    public static Lz4Codec Create() => new((ILz4Blocks?)NativeLz4Blocks.TryLoad() ?? new ManagedLz4Blocks());

    public bool IsValidLevel(int level) => level is >= 1 and <= 17;

    public void Compress(ReadOnlySpan<byte> source, PooledBytes destination, int level)
    {
        Span<byte> descriptor = destination.GetSpan(DescriptorBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor, FrameMagic);
        descriptor[4] = Flags;
        descriptor[5] = BlockSizeCode;
        descriptor[6] = DescriptorChecksum(descriptor[4..6]);
        destination.Advance(DescriptorBytes);
        while (!source.IsEmpty)
        {
            ReadOnlySpan<byte> block = source[..Math.Min(source.Length, BlockBytes)];
            Span<byte> room = destination.GetSpan(sizeof(uint) + block.Length);

            // Room for one byte less than the block: what does not become smaller is stored.
            Span<byte> body = room.Slice(sizeof(uint), block.Length - 1);
            int written = body.IsEmpty ? 0
                : level == DefaultLevel ? blocks.Compress(block, body)
                : blocks.CompressHigh(block, body, Math.Clamp(level, 1, HighestLibraryLevel));
            if (written > 0)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(room, (uint)written);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(room, (uint)block.Length | StoredFlag);
                block.CopyTo(room[sizeof(uint)..]);
                written = block.Length;
            }

            destination.Advance(sizeof(uint) + written);
            source = source[block.Length..];
        }

        BinaryPrimitives.WriteUInt32LittleEndian(destination.GetSpan(sizeof(uint)), 0);
        destination.Advance(sizeof(uint));
    }

    public PayloadDecoder OpenDecoder() => new Lz4FrameDecoder(blocks);

    internal static byte DescriptorChecksum(ReadOnlySpan<byte> descriptor) => (byte)(XXH32.DigestOf(descriptor) >> 8);
}
