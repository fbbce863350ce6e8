using System.Buffers;
using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;
using Microsoft.Win32.SafeHandles;

namespace KRaftSharp.Log;

/// <summary>Bytes of a segment file that are not read until somebody looks at them. A plain socket does not: there the
/// kernel moves them from file to socket.</summary>
/// <remarks>One owner, who disposes it once; until then the file stays open.</remarks>
public sealed class FileBytes : MemoryManager<byte>
{
    private readonly LogSlice _slice;
    private readonly ReadBufferPool _buffers;
    private readonly Lock _gate = new();
    private ReadBuffer? _read;
    private bool _isDisposed;

    private FileBytes(SafeFileHandle handle, in LogSlice slice, ReadBufferPool buffers)
    {
        Handle = handle;
        _slice = slice;
        _buffers = buffers;
    }

    public SafeFileHandle Handle { get; }

    /// <summary>Where in the file the first byte lies.</summary>
    public long Position => _slice.Position;

    public override Memory<byte> Memory => CreateMemory(_slice.Length);

    /// <summary>Takes the slice over; null where the storage is no file of the operating system.</summary>
    internal static FileBytes? TryCreate(in LogSlice slice, ReadBufferPool buffers) =>
        slice.File is IOsFile file ? new FileBytes(file.Handle, slice, buffers) : null;

    /// <summary>Reads the file, once.</summary>
    /// <exception cref="StorageException">It cannot be read, or is shorter than it was.</exception>
    public override Span<byte> GetSpan()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return (_read ??= Read()).Memory.Span;
        }
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return (_read ??= Read()).Memory[elementIndex..].Pin();
        }
    }

    public override void Unpin()
    {
        // The buffers are pinned for good.
    }

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _read?.Dispose();
            _slice.Dispose();
        }
    }

    private ReadBuffer Read()
    {
        ReadBuffer buffer = _buffers.Rent(_slice.Length, _slice.Position);
        try
        {
            return _slice.ReadTo(buffer.Memory.Span) == _slice.Length
                ? buffer
                : throw new StorageException(
                    StorageFault.Io, _slice.File!.Path, new EndOfStreamException("the file has become shorter"));
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }
}
