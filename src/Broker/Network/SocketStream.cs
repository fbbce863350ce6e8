using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace KRaftSharp.Broker.Network;

/// <summary>A plain socket. Small segments are sent as one copy, large ones gathered by the kernel, those of
/// a file by sendfile.</summary>
internal sealed class SocketStream(Socket socket) : IConnectionStream
{
    private const int CopiedBytes = 32 * 1024;

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) =>
        socket.ReceiveAsync(buffer, SocketFlags.None, CancellationToken.None);

    public ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> segments)
    {
        if (segments.Count == 1)
        {
            return SendOneAsync(segments[0]);
        }

        long total = 0;
        for (int i = 0; i < segments.Count; i++)
        {
            total += segments[i].Length;
            if (FileSender.IsOfFile(segments[i]))
            {
                return FileSender.SendAsync(socket, segments);
            }
        }

        return total <= CopiedBytes ? SendCopyAsync(segments, (int)total) : SendGatheredAsync(segments);
    }

    public void Abort()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // Not connected any more: as wanted.
        }
        catch (ObjectDisposedException)
        {
            // Closed already.
        }

        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();

    private async ValueTask SendCopyAsync(IReadOnlyList<ReadOnlyMemory<byte>> segments, int total)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(total);
        try
        {
            int at = 0;
            for (int i = 0; i < segments.Count; i++)
            {
                segments[i].CopyTo(copy.AsMemory(at));
                at += segments[i].Length;
            }

            await SendOneAsync(copy.AsMemory(0, total));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private async ValueTask SendOneAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None)..];
        }
    }

    private async ValueTask SendGatheredAsync(IReadOnlyList<ReadOnlyMemory<byte>> segments)
    {
        List<ArraySegment<byte>> left = new(segments.Count);
        foreach (ReadOnlyMemory<byte> segment in segments)
        {
            if (!MemoryMarshal.TryGetArray(segment, out ArraySegment<byte> array))
            {
                array = segment.ToArray();
            }

            if (array.Count > 0)
            {
                left.Add(array);
            }
        }

        while (left.Count > 0)
        {
            int sent = await socket.SendAsync(left, SocketFlags.None);
            int done = 0;
            while (done < left.Count && sent >= left[done].Count)
            {
                sent -= left[done++].Count;
            }

            left.RemoveRange(0, done);
            if (sent > 0)
            {
                left[0] = left[0].Slice(sent);
            }
        }
    }
}
