using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Integration;

/// <summary>A connection that sends whatever bytes it is told to.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };

    public static async Task<RawConnection> OpenAsync(int port)
    {
        RawConnection connection = new();
        await connection._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return connection;
    }

    public static byte[] Encode(IApiMessage request, short version, int correlationId = 7)
    {
        using EncodedFrame frame = RequestFrame.Encode(request, version, correlationId, "test");
        return frame.ToArray();
    }

    public async Task SendAsync(byte[] bytes) => await _socket.SendAsync(bytes).WaitAsync(Patience);

    /// <summary>The next frame without its length; null when the other side has closed.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        byte[] length = new byte[sizeof(int)];
        if (!await FillAsync(length))
        {
            return null;
        }

        byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        return await FillAsync(frame) ? frame : null;
    }

    public async Task<T> ReceiveAsync<T>(ApiKey key, short version, int correlationId = 7)
        where T : IApiMessage
    {
        byte[]? frame = await ReceiveAsync();
        Assert.NotNull(frame);
        Assert.True(ResponseFrame.TryDecode(frame, key, version, out var header, out IApiMessage? body, out _));
        Assert.Equal(correlationId, header.CorrelationId);
        return Assert.IsType<T>(body);
    }

    public async Task<T> AskAsync<T>(IApiMessage request, short version)
        where T : IApiMessage
    {
        await SendAsync(Encode(request, version));
        return await ReceiveAsync<T>(request.Key, version);
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> FillAsync(Memory<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int count;
            try
            {
                count = await _socket.ReceiveAsync(buffer).AsTask().WaitAsync(Patience);
            }
            catch (SocketException)
            {
                return false;
            }

            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }
}
