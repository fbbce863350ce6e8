using System.Buffers;

namespace KRaftSharp.Client.Network;

/// <summary>A received frame in a pooled array; one owner, who disposes it once.</summary>
internal sealed class FrameBytes(byte[] array, int length) : IDisposable
{
    private byte[]? _array = array;

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
