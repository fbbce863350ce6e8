namespace KRaftSharp.Protocol.Compression;

/// <summary>Keeps a few library contexts for reuse: making one costs more than compressing a small batch.</summary>
/// <remarks>Thread-safe without locks: a slot is taken and given by one exchange. What finds no slot is freed.
/// </remarks>
internal sealed class ZstdContexts(Func<nint> create, Action<nint> free)
{
    private const int Kept = 8;

    private readonly nint[] _slots = new nint[Kept];

    public nint Take()
    {
        for (int i = 0; i < Kept; i++)
        {
            nint context = Interlocked.Exchange(ref _slots[i], 0);
            if (context != 0)
            {
                return context;
            }
        }

        nint created = create();
        return created != 0 ? created : throw new InsufficientMemoryException("zstd gave no context");
    }

    public void Give(nint context)
    {
        for (int i = 0; i < Kept; i++)
        {
            if (Interlocked.CompareExchange(ref _slots[i], context, 0) == 0)
            {
                return;
            }
        }

        free(context);
    }
}
