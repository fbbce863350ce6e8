using System.Buffers;
using System.Buffers.Binary;
using Snappier;

namespace KRaftSharp.Protocol.Compression;

/// <summary>snappy, written in the framing of the Java library and read in that framing or as one raw block.</summary>
/// <remarks>
/// The framing: 16 bytes of header (0x82 "SNAPPY" 0x00, int32 version, int32 least compatible version), then chunks of
/// int32 size and a snappy block, of 32 KiB before compression as the Java library writes them. Several such streams
/// may follow one another. A payload that does not begin with the header is one raw block, as other clients write it.
/// </remarks>
internal sealed class SnappyCodec : IPayloadCodec
{
    private const int HeaderSize = 16;
    private const int ChunkBytes = 32 * 1024;
    private const int Version = 1;

    // A copy element of three bytes stands for 64: no block can hold more than that.
    private const int MaxRatio = 22;

    private static ReadOnlySpan<byte> Magic =>
        [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    public CompressionCodec Id => CompressionCodec.Snappy;

    public int DefaultLevel => 0;

    public bool IsValidLevel(int level) => true;

    public void Compress(ReadOnlySpan<byte> source, PooledBytes destination, int level)
    {
        Span<byte> header = destination.GetSpan(HeaderSize);
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header[8..], Version);
        BinaryPrimitives.WriteInt32BigEndian(header[12..], Version);
        destination.Advance(HeaderSize);
        while (!source.IsEmpty)
        {
            ReadOnlySpan<byte> chunk = source[..Math.Min(source.Length, ChunkBytes)];
            Span<byte> room = destination.GetSpan(sizeof(int) + Snappy.GetMaxCompressedLength(chunk.Length));
            int written = Snappy.Compress(chunk, room[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(room, written);
            destination.Advance(sizeof(int) + written);
            source = source[chunk.Length..];
        }
    }

    public PayloadDecoder OpenDecoder() => new Decoder();

    private static bool HasHeader(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderSize && bytes[..Magic.Length].SequenceEqual(Magic);

    private sealed class Decoder : PayloadDecoder
    {
        private byte[] _block = [];
        private int _blockAt;
        private int _blockEnd;
        private int _position;
        private bool _started;
        private bool _finished;

        protected override int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
        {
            if (!_started && !Start(source))
            {
                return -1;
            }

            while (_blockAt == _blockEnd)
            {
                if (_finished)
                {
                    return 0;
                }

                int direct = _position == 0 ? DecodeRaw(source, destination) : DecodeChunk(source, destination);
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

        private static bool IsCompatible(ReadOnlySpan<byte> header) =>
            BinaryPrimitives.ReadInt32BigEndian(header[8..]) >= Version;

        private bool Start(ReadOnlySpan<byte> source)
        {
            _started = true;
            if (source.IsEmpty)
            {
                return false;
            }

            if (HasHeader(source))
            {
                _position = HeaderSize;
                return IsCompatible(source);
            }

            return true;
        }

        private int DecodeRaw(ReadOnlySpan<byte> source, Span<byte> destination)
        {
            _finished = true;
            return DecodeBlock(source, destination);
        }

        // Bytes written straight to the target; 0 when they went to the block buffer or nothing came; -1: malformed.
        private int DecodeChunk(ReadOnlySpan<byte> source, Span<byte> destination)
        {
            ReadOnlySpan<byte> left = source[_position..];
            if (left.Length < sizeof(int))
            {
                _finished = true; // fewer bytes than a chunk size end the stream
                return 0;
            }

            int size = BinaryPrimitives.ReadInt32BigEndian(left);
            if (left[..sizeof(int)].SequenceEqual(Magic[..sizeof(int)]))
            {
                if (left.Length < HeaderSize)
                {
                    return -1;
                }

                _position += HeaderSize;
                _finished = !HasHeader(left);
                return _finished || IsCompatible(left) ? 0 : -1;
            }

            if (size < 0 || size > left.Length - sizeof(int))
            {
                return -1;
            }

            _position += sizeof(int) + size;
            return DecodeBlock(left.Slice(sizeof(int), size), destination);
        }

        private int DecodeBlock(ReadOnlySpan<byte> block, Span<byte> destination)
        {
            try
            {
                int length = Snappy.GetUncompressedLength(block);
                if (length < 0 || length > (long)block.Length * MaxRatio)
                {
                    return -1;
                }

                if (length <= destination.Length)
                {
                    return Snappy.Decompress(block, destination[..length]) == length ? length : -1;
                }

                if (_block.Length < length)
                {
                    Release();
                    _block = ArrayPool<byte>.Shared.Rent(length);
                }

                _blockAt = 0;
                _blockEnd = Snappy.Decompress(block, _block.AsSpan(0, length));
                return _blockEnd == length ? 0 : -1;
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                return -1; // how the library says malformed
            }
        }
    }
}
