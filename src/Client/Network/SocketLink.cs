using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;

namespace KRaftSharp.Client.Network;

/// <summary>One TCP connection: whole frames in, gathered bytes out. What TLS will take the place of.</summary>
/// <remarks>One reader and one writer at a time. Disposing it ends both with an exception.</remarks>
internal sealed class SocketLink : IDisposable
{
    private const int ChunkBytes = 64 * 1024;
    private const int LengthBytes = sizeof(int);

    // A frame is believed to be this long before it has come; memory for more is taken as it comes.
    private const int TrustedBytes = 4 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly int _maxFrameBytes;
    private readonly byte[] _chunk = new byte[ChunkBytes];
    private int _from;
    private int _to;

    private SocketLink(Socket socket, int maxFrameBytes)
    {
        _socket = socket;
        _maxFrameBytes = maxFrameBytes;
    }

    /// <exception cref="SocketException">Nobody listens there, or the name has no address.</exception>
    /// <exception cref="OperationCanceledException">Not within the timeout.</exception>
    public static async Task<SocketLink> ConnectAsync(BrokerAddress address, TimeSpan timeout, int maxFrameBytes)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using CancellationTokenSource limit = new(timeout);
            await socket.ConnectAsync(address.Host, address.Port, limit.Token);
            if (Equals(socket.LocalEndPoint, socket.RemoteEndPoint))
            {
                // Nobody listens, and the system gave us that very port: we would talk to ourselves and keep the
                // broker from coming back.
                throw new SocketException((int)SocketError.ConnectionRefused);
            }

            return new SocketLink(socket, maxFrameBytes);
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

                int read = await _socket.ReceiveAsync(
                    frame.AsMemory(have, Math.Min(frame.Length, length) - have), SocketFlags.None);
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

    public void Dispose() => _socket.Dispose();

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

        int read = await _socket.ReceiveAsync(_chunk.AsMemory(_to), SocketFlags.None);
        _to += read;
        return read;
    }
}
