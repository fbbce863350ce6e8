using System.Buffers;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>A piece of a snapshot in pooled memory, which <see cref="Dispose"/> gives back.</summary>
internal sealed class PooledChunk(int size) : IDisposable
{
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(size);

    public Memory<byte> Memory => _buffer.AsMemory(0, size);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
