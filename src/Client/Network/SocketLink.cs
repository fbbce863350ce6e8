using System.Buffers;
using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;

namespace KRaftSharp.Client.Network;

/// <summary>One TCP connection: whole frames in, gathered bytes out; over TLS where that is asked for.</summary>
/// <remarks>One reader and one writer at a time. Disposing it ends both with an exception.</remarks>
internal sealed class SocketLink : IDisposable
{
    private const int ChunkBytes = 64 * 1024;
    private const int LengthBytes = sizeof(int);

    // A frame is believed to be this long before it has come; memory for more is taken as it comes.
    private const int TrustedBytes = 4 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly SslStream? _tls;
    private readonly int _maxFrameBytes;
    private readonly byte[] _chunk = new byte[ChunkBytes];
    private int _from;
    private int _to;

    private SocketLink(Socket socket, SslStream? tls, int maxFrameBytes)
    {
        _socket = socket;
        _tls = tls;
        _maxFrameBytes = maxFrameBytes;
    }

    /// <exception cref="SocketException">Nobody listens there, or the name has no address.</exception>
    /// <exception cref="OperationCanceledException">Not within the timeout.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">TLS was refused.</exception>
    public static async Task<SocketLink> ConnectAsync(
        BrokerAddress address, TimeSpan timeout, ClientOptions options)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            SetBuffers(socket, options);
            using CancellationTokenSource limit = new(timeout);
            await socket.ConnectAsync(address.Host, address.Port, limit.Token);
            if (Equals(socket.LocalEndPoint, socket.RemoteEndPoint))
            {
                // Nobody listens, and the system gave us that very port: we would talk to ourselves and keep the
                // broker from coming back.
                throw new SocketException((int)SocketError.ConnectionRefused);
            }

            SslStream? tls = options.UsesTls
                ? await TlsStreams.OpenAsync(socket, address.Host, options.Tls, limit.Token)
                : null;
            return new SocketLink(socket, tls, options.MaxResponseBytes);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends all bytes of all segments, in order.</summary>
    public async ValueTask SendAsync(List<ArraySegment<byte>> segments)
    {
        if (_tls is not null)
        {
            await SendOverTlsAsync(_tls, segments);
            return;
        }

        if (segments.Count == 1)
        {
            ReadOnlyMemory<byte> rest = segments[0];
            while (!rest.IsEmpty)
            {
                rest = rest[await _socket.SendAsync(rest, SocketFlags.None)..];
            }

            return;
        }

        long left = segments.Sum(segment => (long)segment.Count);
        while (left > 0)
        {
            int sent = await _socket.SendAsync(segments, SocketFlags.None);
            left -= sent;
            if (left > 0)
            {
                Skip(segments, sent);
            }
        }
    }

    /// <summary>The next frame without its length; null when the peer has closed the connection between two.</summary>
    /// <exception cref="InvalidDataException">Its length is impossible.</exception>
    public async ValueTask<FrameBytes?> ReceiveAsync()
    {
        while (_to - _from < LengthBytes)
        {
            if (await FillAsync() == 0)
            {
                return _to == _from ? null : throw new InvalidDataException("the connection ended within a frame");
            }
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(_chunk.AsSpan(_from));
        if (length < LengthBytes || length > _maxFrameBytes)
        {
            throw new InvalidDataException($"a frame claims {length} bytes");
        }

        _from += LengthBytes;
        byte[] frame = ArrayPool<byte>.Shared.Rent(Math.Min(length, TrustedBytes));
        try
        {
            int have = Math.Min(length, _to - _from);
            _chunk.AsSpan(_from, have).CopyTo(frame);
            _from += have;
            while (have < length)
            {
                if (have == frame.Length)
                {
                    frame = Grow(frame, length);
                }

                int read = await ReadAsync(frame.AsMemory(have, Math.Min(frame.Length, length) - have));
                have += read > 0 ? read : throw new InvalidDataException("the connection ended within a frame");
            }

            return new FrameBytes(frame, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(frame);
            throw;
        }
    }

    // The socket alone: a read or write of the TLS stream that is under way ends with it.
    public void Dispose() => _socket.Dispose();

    private ValueTask<int> ReadAsync(Memory<byte> target) => _tls is null
        ? _socket.ReceiveAsync(target, SocketFlags.None)
        : _tls.ReadAsync(target);

    // Small pieces go together, so that each does not become a TLS record and a send of its own.
    private static async ValueTask SendOverTlsAsync(SslStream tls, List<ArraySegment<byte>> segments)
    {
        byte[] gathered = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            int filled = 0;
            foreach (ArraySegment<byte> segment in segments)
            {
                if (filled + segment.Count > gathered.Length && filled > 0)
                {
                    await tls.WriteAsync(gathered.AsMemory(0, filled));
                    filled = 0;
                }

                if (segment.Count > gathered.Length)
                {
                    await tls.WriteAsync(segment);
                    continue;
                }

                segment.AsSpan().CopyTo(gathered.AsSpan(filled));
                filled += segment.Count;
            }

            if (filled > 0)
            {
                await tls.WriteAsync(gathered.AsMemory(0, filled));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(gathered);
        }
    }

    // Only what was asked for: the system's own sizes grow with need, and a fixed one would stop that.
    private static void SetBuffers(Socket socket, ClientOptions options)
    {
        if (options.SendBufferBytes > 0)
        {
            socket.SendBufferSize = options.SendBufferBytes;
        }

        if (options.ReceiveBufferBytes > 0)
        {
            socket.ReceiveBufferSize = options.ReceiveBufferBytes;
        }
    }

    private static byte[] Grow(byte[] frame, int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * frame.Length, length));
        frame.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(frame);
        return larger;
    }

    private static void Skip(List<ArraySegment<byte>> segments, int bytes)
    {
        int whole = 0;
        while (whole < segments.Count && bytes >= segments[whole].Count)
        {
            bytes -= segments[whole++].Count;
        }

        segments.RemoveRange(0, whole);
        if (segments.Count > 0)
        {
            segments[0] = segments[0].Slice(bytes);
        }
    }

    private async ValueTask<int> FillAsync()
    {
        if (_from > 0)
        {
            _chunk.AsSpan(_from, _to - _from).CopyTo(_chunk);
            _to -= _from;
            _from = 0;
        }

        int read = await ReadAsync(_chunk.AsMemory(_to));
        _to += read;
        return read;
    }
}
