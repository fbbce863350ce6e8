using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using KRaftSharp.Client;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Integration.Client;

/// <summary>A listener that answers ApiVersions well, and what comes after as it is told: with bytes of its own, by
/// silence, or by closing the connection.</summary>
internal sealed class HostileBroker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<ApiKey, short, int, byte[]?> _answer;
    private readonly Task _serving;
    private readonly List<Socket> _sockets = [];
    private int _connections;

    /// <param name="answer">Given the correlation id, the bytes to send; null closes, empty stays silent.</param>
    public HostileBroker(Func<int, byte[]?> answer)
        : this((_, _, correlationId) => answer(correlationId))
    {
    }

    /// <param name="answer">As above, given what is asked and in which version.</param>
    public HostileBroker(Func<ApiKey, short, int, byte[]?> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    public BrokerAddress Address => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>A frame with its length in front.</summary>
    public static byte[] Frame(int length, params byte[] bytes)
    {
        byte[] frame = new byte[sizeof(int) + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, length);
        bytes.CopyTo(frame, sizeof(int));
        return frame;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        lock (_sockets)
        {
            _sockets.ForEach(socket => socket.Dispose());
        }

        await _serving;
    }

    private async Task ServeAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync();
                Interlocked.Increment(ref _connections);
                lock (_sockets)
                {
                    _sockets.Add(socket);
                }

                connections.Add(ServeAsync(socket));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using NetworkStream stream = new(socket, ownsSocket: true);
        try
        {
            while (true)
            {
                byte[] length = new byte[sizeof(int)];
                await stream.ReadExactlyAsync(length);
                byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
                await stream.ReadExactlyAsync(frame);
                ApiKey key = (ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame);
                int correlationId = BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4));
                byte[]? answer = key == ApiKey.ApiVersions
                    ? Versions(BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(2)), correlationId)
                    : _answer(key, BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(2)), correlationId);
                if (answer is null)
                {
                    return;
                }

                await stream.WriteAsync(answer);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The client has had enough.
        }
    }

    private static byte[] Versions(short version, int correlationId)
    {
        ApiVersionsResponse answer = new();
        foreach (ApiInfo api in ApiTable.All)
        {
            answer.ApiKeys.Add(new ApiVersionsResponse.ApiVersion
            {
                ApiKey = (short)api.Key,
                MinVersion = api.LowestVersion,
                MaxVersion = api.HighestVersion,
            });
        }

        using EncodedFrame frame = ResponseFrame.Encode(answer, version, correlationId);
        return frame.ToArray();
    }
}
