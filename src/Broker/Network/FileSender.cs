using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using KRaftSharp.Log;
using Microsoft.Win32.SafeHandles;

namespace KRaftSharp.Broker.Network;

/// <summary>Sends segments of which some lie in files: the kernel moves those, this process never has them.</summary>
internal static partial class FileSender
{
    // Sent the ordinary way when the socket is full: it ends when there is room again.
    private const int CopiedBytes = 16 * 1024;
    private const int MessageDontWait = 0x40;
    private const int MessageNoSignal = 0x4000;
    private const int MessageMore = 0x8000;
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int NotForThisFile = 22;
    private const int NotThere = 38;

    /// <summary>Whether a segment is to be moved by the kernel.</summary>
    public static bool IsOfFile(ReadOnlyMemory<byte> segment) =>
        OperatingSystem.IsLinux() && MemoryMarshal.TryGetMemoryManager<byte, FileBytes>(segment, out _);

    /// <exception cref="IOException">The file or the connection broke.</exception>
    /// <exception cref="SocketException">The connection broke.</exception>
    public static async ValueTask SendAsync(Socket socket, IReadOnlyList<ReadOnlyMemory<byte>> segments)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            if (MemoryMarshal.TryGetMemoryManager(segments[i], out FileBytes? file, out int start, out int length))
            {
                await SendFileAsync(socket, file, file.Position + start, length);
            }
            else
            {
                await SendBytesAsync(socket, segments[i], moreFollow: i + 1 < segments.Count);
            }
        }
    }

    private static async ValueTask SendFileAsync(Socket socket, FileBytes file, long position, int length)
    {
        byte[]? copy = null;
        try
        {
            while (length > 0)
            {
                int sent = TrySendFile(socket, file.Handle, position, length);
                if (sent == 0)
                {
                    copy ??= ArrayPool<byte>.Shared.Rent(CopiedBytes);
                    Memory<byte> piece = copy.AsMemory(0, Math.Min(length, CopiedBytes));
                    sent = RandomAccess.Read(file.Handle, piece.Span, position);
                    if (sent == 0)
                    {
                        throw new EndOfStreamException("the log file has become shorter while it was sent");
                    }

                    await SendAllAsync(socket, piece[..sent]);
                }

                position += sent;
                length -= sent;
            }
        }
        finally
        {
            if (copy is not null)
            {
                ArrayPool<byte>.Shared.Return(copy);
            }
        }
    }

    /// <returns>0 when the socket is full or the kernel cannot send this file.</returns>
    private static int TrySendFile(Socket socket, SafeFileHandle file, long position, int length)
    {
        while (true)
        {
            nint sent = SendFile(socket.SafeHandle, file, ref position, (nuint)length);
            if (sent > 0)
            {
                return (int)sent;
            }

            int error = sent == 0 ? TryAgain : Marshal.GetLastPInvokeError();
            switch (error)
            {
                case Interrupted:
                    continue;
                case TryAgain or NotForThisFile or NotThere:
                    return 0;
                default:
                    throw new IOException($"sendfile: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
    }

    // Held back by the kernel until the file's bytes come: a header sent by itself would wake the receiver for nothing.
    private static async ValueTask SendBytesAsync(Socket socket, ReadOnlyMemory<byte> bytes, bool moreFollow)
    {
        if (moreFollow)
        {
            nint sent = Send(
                socket.SafeHandle, bytes.Span, (nuint)bytes.Length, MessageMore | MessageDontWait | MessageNoSignal);
            bytes = bytes[(int)Math.Max(sent, 0)..];
        }

        await SendAllAsync(socket, bytes);
    }

    private static async ValueTask SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None)..];
        }
    }

    [LibraryImport("libc", EntryPoint = "sendfile64", SetLastError = true)]
    private static partial nint SendFile(
        SafeSocketHandle target, SafeFileHandle source, ref long position, nuint count);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeSocketHandle target, ReadOnlySpan<byte> bytes, nuint count, int flags);
}
