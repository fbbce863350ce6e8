using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KRaftSharp.Log.Segments;

/// <summary>A rented piece of memory; disposing it gives it back.</summary>
public sealed class ReadBuffer : IDisposable
{
    private const int PageBytes = 4096;

    // Where a page of the file is put within a page of memory. The kernel's copy is up to five times slower when
    // destination less source, modulo the page, lies in 1 to 31; 64 also keeps what precedes the data off its line.
    private const int PageShift = 64;

    private readonly ReadBufferPool _owner;
    private readonly byte[] _array;
    private readonly int _addressInPage;

    internal unsafe ReadBuffer(ReadBufferPool owner, int capacity, int sizeClass)
    {
        _owner = owner;
        SizeClass = sizeClass;
        _array = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
        _addressInPage = (int)((nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array)) % PageBytes);
    }

    /// <summary>Bytes a buffer needs beyond what it is rented for, to be placed freely within a page.</summary>
    internal static int Slack => PageBytes;

    public Memory<byte> Memory { get; private set; }

    internal int SizeClass { get; }

    public void Dispose() => _owner.Return(this);

    internal void Place(int length, long filePosition)
    {
        int start = (int)((filePosition + PageShift - _addressInPage) & (PageBytes - 1));
        Memory = _array.AsMemory(start, length);
    }

    internal void Clear() => Memory = default;
}
