namespace KRaftSharp.Protocol.Compression;

/// <summary>Decompresses one payload piece by piece, so that what a payload claims about its size never costs
/// memory: only bytes that were really produced do. One owner; not thread-safe.</summary>
public abstract class PayloadDecoder : IDisposable
{
    /// <summary>True once the payload proved malformed or ended too early. Bytes returned before were genuine.
    /// </summary>
    public bool Failed { get; private set; }

    /// <summary>Decompresses on into <paramref name="destination"/>.</summary>
    /// <param name="source">The whole compressed payload, the same at every call; borrowed for the call.</param>
    /// <param name="destination">Where to put the bytes; not empty.</param>
    /// <returns>Bytes written; 0 at the end of the payload, or when it <see cref="Failed"/>.</returns>
    public int Read(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (Failed)
        {
            return 0;
        }

        int read = Decode(source, destination);
        if (read >= 0)
        {
            return read;
        }

        Failed = true;
        return 0;
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Bytes written, 0 at the end, -1 when the payload is malformed.</summary>
    protected abstract int Decode(ReadOnlySpan<byte> source, Span<byte> destination);

    /// <summary>Gives back what the decoder rented; may be called more than once.</summary>
    protected abstract void Release();
}
