using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace KRaftSharp.Tests.Interop.Answers;

/// <summary>A connection that carries frames as they are.</summary>
internal sealed class ReplayConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<ReplayConnection> OpenAsync(IPEndPoint broker)
    {
        ReplayConnection connection = new();
        await connection._socket.ConnectAsync(broker);
        return connection;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> frame)
    {
        byte[] bytes = new byte[sizeof(int) + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, frame.Length);
        frame.CopyTo(bytes.AsMemory(sizeof(int)));
        await _socket.SendAsync(bytes);
    }

    /// <summary>The next answer; null when the broker has closed the connection.</summary>
    /// <exception cref="OperationCanceledException">Nothing came.</exception>
    public async Task<byte[]?> ReceiveAsync()
    {
        using CancellationTokenSource limit = new(Patience);
        byte[] length = new byte[sizeof(int)];
        if (!await FillAsync(length, limit.Token))
        {
            return null;
        }

        byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        return await FillAsync(frame, limit.Token) ? frame : null;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> FillAsync(Memory<byte> target, CancellationToken cancellation)
    {
        try
        {
            while (target.Length > 0)
            {
                int count = await _socket.ReceiveAsync(target, cancellation);
                if (count == 0)
                {
                    return false;
                }

                target = target[count..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
