using System.IO.Compression;

namespace KRaftSharp.Protocol.Compression;

/// <summary>gzip (RFC 1952) by the base library's zlib.</summary>
/// <remarks>Levels as Kafka's: -1 (zlib's default) or 1 to 9. Members may follow one another; what follows the last
/// one and is no member is ignored.</remarks>
internal sealed class GzipCodec : IPayloadCodec
{
    private const int ZlibDefaultLevel = 6;

    public CompressionCodec Id => CompressionCodec.Gzip;

    public int DefaultLevel => -1;

    public bool IsValidLevel(int level) => level is -1 or (>= 1 and <= 9);

    public void Compress(ReadOnlySpan<byte> source, PooledBytes destination, int level)
    {
        var options = new ZLibCompressionOptions { CompressionLevel = level < 0 ? ZlibDefaultLevel : level };
        using var stream = new GZipStream(new WriterStream(destination), options);
        stream.Write(source);
    }

    public PayloadDecoder OpenDecoder() => new Decoder();

    private sealed class Decoder : PayloadDecoder
    {
        private readonly SpanFeedStream _feed = new();
        private readonly GZipStream _stream;

        public Decoder() => _stream = new GZipStream(_feed, CompressionMode.Decompress);

        protected override int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
        {
            if (source.IsEmpty)
            {
                return -1;
            }

            try
            {
                int read = _feed.Lend(source, _stream, destination);
                return read != 0 || IsComplete() ? read : -1;
            }
            catch (InvalidDataException)
            {
                return -1;
            }
        }

        // The stream ends silently where its input does, even inside a member. Given more input of ones only, a
        // complete member passes over it, while an incomplete one fails its trailer, fails to decode, or gives
        // more output.
        private bool IsComplete()
        {
            Span<byte> surplus = stackalloc byte[1];
            _feed.IsFeedingOnes = true;
            return _stream.Read(surplus) == 0;
        }

        protected override void Release() => _stream.Dispose();
    }
}
