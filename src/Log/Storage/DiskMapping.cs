using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace KRaftSharp.Log.Storage;

/// <summary>A view of a memory-mapped file.</summary>
internal sealed unsafe class DiskMapping : IStorageMapping
{
    private readonly MemoryMappedFile _file;
    private readonly SafeMemoryMappedViewHandle _view;
    private readonly byte* _start;
    private readonly int _length;

    public DiskMapping(SafeFileHandle handle, int length)
    {
        _length = length;
        _file = MemoryMappedFile.CreateFromFile(
            handle, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        MemoryMappedViewAccessor accessor = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.ReadWrite);
        _view = accessor.SafeMemoryMappedViewHandle;
        byte* start = null;
        _view.AcquirePointer(ref start);
        _start = start + accessor.PointerOffset;
    }

    public Span<byte> Span => new(_start, _length);

    /// <summary>
    /// Unmaps. The accessor is not disposed: that would sync the pages, which whoever needs it asks for.
    /// </summary>
    public void Dispose()
    {
        if (!_view.IsClosed)
        {
            _view.ReleasePointer();
            _view.Dispose();
            _file.Dispose();
        }
    }
}
