namespace KRaftSharp.Protocol.Compression;

/// <summary>zstd frames, one after the other; the window is at most 128 MiB, the library's and Kafka's bound.</summary>
/// <remarks>Levels -131072 to 22. An empty payload decompresses to nothing, as Kafka's reader has it.</remarks>
internal sealed unsafe class ZstdCodec : IPayloadCodec
{
    private readonly IZstdApi _api;
    private readonly ZstdContexts _compressors;
    private readonly ZstdContexts _decompressors;

    public ZstdCodec(IZstdApi api)
    {
        _api = api;
        _compressors = new ZstdContexts(api.CreateCompressor, api.FreeCompressor);
        _decompressors = new ZstdContexts(api.CreateDecompressor, api.FreeDecompressor);
    }

    public CompressionCodec Id => CompressionCodec.Zstd;

    public int DefaultLevel => 3;

    /// <summary>With the system's library, or without it where there is none.</summary>
    public static ZstdCodec Create() => new((IZstdApi?)NativeZstdApi.TryLoad() ?? new ManagedZstdApi());

    public bool IsValidLevel(int level) => level is >= -131072 and <= 22;

    public void Compress(ReadOnlySpan<byte> source, PooledBytes destination, int level)
    {
        Span<byte> room = destination.GetSpan(checked((int)_api.Bound((nuint)source.Length)));
        nint context = _compressors.Take();
        try
        {
            fixed (byte* from = source, to = room)
            {
                nuint written =
                    _api.Compress(context, to, (nuint)room.Length, from, (nuint)source.Length, level);
                if (_api.IsError(written))
                {
                    throw new InsufficientMemoryException("zstd could not compress within its own bound");
                }

                destination.Advance((int)written);
            }
        }
        finally
        {
            _compressors.Give(context);
        }
    }

    public PayloadDecoder OpenDecoder() => new Decoder(_api, _decompressors);

    private sealed class Decoder : PayloadDecoder
    {
        private readonly IZstdApi _api;
        private readonly ZstdContexts _contexts;
        private nint _context;
        private int _position;
        private bool _frameComplete = true;

        public Decoder(IZstdApi api, ZstdContexts contexts)
        {
            _api = api;
            _contexts = contexts;
            _context = contexts.Take();
            api.Reset(_context);
        }

        protected override int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
        {
            fixed (byte* from = source, to = destination)
            {
                var input = new ZstdBuffer { Start = from, Size = (nuint)source.Length, Position = (nuint)_position };
                var output = new ZstdBuffer { Start = to, Size = (nuint)destination.Length };
                while (output.Position == 0)
                {
                    bool atEnd = input.Position == input.Size;
                    if (atEnd && _frameComplete)
                    {
                        break;
                    }

                    nuint result = _api.Decompress(_context, ref output, ref input);
                    if (_api.IsError(result))
                    {
                        return -1;
                    }

                    _frameComplete = result == 0;
                    if (atEnd && output.Position == 0 && !_frameComplete)
                    {
                        return -1; // the payload ends inside a frame
                    }
                }

                _position = (int)input.Position;
                return (int)output.Position;
            }
        }

        protected override void Release()
        {
            nint context = Interlocked.Exchange(ref _context, 0);
            if (context != 0)
            {
                _contexts.Give(context);
            }
        }
    }
}
