using System.Buffers;
using System.Buffers.Binary;
using K4os.Hash.xxHash;

namespace KRaftSharp.Protocol.Compression;

/// <summary>Reads one LZ4 frame block by block; see <see cref="Lz4Codec"/> for the format.</summary>
internal sealed class Lz4FrameDecoder(ILz4Blocks blocks) : PayloadDecoder
{
    private const int LeastHeader = 6;
    private const byte Version = 1;
    private const byte IndependentBlocks = 0x20;
    private const byte BlockChecksums = 0x10;
    private const byte ContentSize = 0x08;
    private const byte ContentChecksum = 0x04;
    private const byte ReservedFlags = 0x03;

    // The densest a block can be: each further byte of a match length stands for 255 bytes.
    private const int MaxRatio = 255;

    private byte[] _block = [];
    private int _blockAt;
    private int _blockEnd;
    private int _position;
    private int _maxBlockBytes;
    private byte _flags;
    private bool _started;
    private bool _finished;

    protected override int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (!_started)
        {
            _started = true;
            if (!ReadHeader(source))
            {
                return -1;
            }
        }

        while (_blockAt == _blockEnd)
        {
            if (_finished)
            {
                return 0;
            }

            int direct = ReadBlock(source, destination);
            if (direct != 0)
            {
                return direct;
            }
        }

        int count = Math.Min(destination.Length, _blockEnd - _blockAt);
        _block.AsSpan(_blockAt, count).CopyTo(destination);
        _blockAt += count;
        return count;
    }

    protected override void Release()
    {
        byte[] block = _block;
        _block = [];
        if (block.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private bool ReadHeader(ReadOnlySpan<byte> source)
    {
        if (source.Length < LeastHeader || BinaryPrimitives.ReadUInt32LittleEndian(source) != Lz4Codec.FrameMagic)
        {
            return false;
        }

        _flags = source[4];
        byte blockSize = source[5];
        int blockSizeCode = blockSize >> 4;
        if (_flags >> 6 != Version || (_flags & IndependentBlocks) == 0 || (_flags & ReservedFlags) != 0
            || (blockSize & 0x0F) != 0 || blockSizeCode is < 4 or > 7)
        {
            return false;
        }

        _maxBlockBytes = 1 << (2 * blockSizeCode + 8);
        int descriptorEnd = LeastHeader + ((_flags & ContentSize) != 0 ? sizeof(long) : 0);
        if (source.Length <= descriptorEnd
            || source[descriptorEnd] != Lz4Codec.DescriptorChecksum(source[4..descriptorEnd]))
        {
            return false;
        }

        _position = descriptorEnd + 1;
        return true;
    }

    // Bytes written straight to the destination; 0 when they went to the block buffer or nothing came; -1 malformed.
    private int ReadBlock(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ReadOnlySpan<byte> left = source[_position..];
        if (left.Length < sizeof(uint))
        {
            return -1;
        }

        uint word = BinaryPrimitives.ReadUInt32LittleEndian(left);
        uint size = word & ~Lz4Codec.StoredFlag;
        left = left[sizeof(uint)..];
        if (size == 0)
        {
            _finished = true;
            return (_flags & ContentChecksum) != 0 && left.Length < sizeof(uint) ? -1 : 0;
        }

        int checksumBytes = (_flags & BlockChecksums) != 0 ? sizeof(uint) : 0;
        if (size > _maxBlockBytes || size + checksumBytes > left.Length)
        {
            return -1;
        }

        ReadOnlySpan<byte> block = left[..(int)size];
        _position += sizeof(uint) + (int)size + checksumBytes;
        int written = (word & Lz4Codec.StoredFlag) != 0 ? Store(block, destination) : Decompress(block, destination);
        return written >= 0 && checksumBytes > 0
            && XXH32.DigestOf(block) != BinaryPrimitives.ReadUInt32LittleEndian(left[(int)size..])
            ? -1 : written;
    }

    private int Store(ReadOnlySpan<byte> block, Span<byte> destination)
    {
        if (block.Length <= destination.Length)
        {
            block.CopyTo(destination);
            return block.Length;
        }

        Rent(block.Length);
        block.CopyTo(_block);
        _blockAt = 0;
        _blockEnd = block.Length;
        return 0;
    }

    private int Decompress(ReadOnlySpan<byte> block, Span<byte> destination)
    {
        int bound = (int)Math.Min(_maxBlockBytes, ((long)block.Length * MaxRatio) + 16);
        if (bound <= destination.Length)
        {
            return blocks.Decompress(block, destination[..bound]) is var written and >= 0 ? written : -1;
        }

        Rent(bound);
        _blockAt = 0;
        _blockEnd = blocks.Decompress(block, _block.AsSpan(0, bound));
        if (_blockEnd >= 0)
        {
            return 0;
        }

        _blockEnd = 0;
        return -1;
    }

    private void Rent(int bytes)
    {
        if (_block.Length < bytes)
        {
            Release();
            _block = ArrayPool<byte>.Shared.Rent(bytes);
        }
    }
}
