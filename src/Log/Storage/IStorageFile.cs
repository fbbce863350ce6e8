namespace KRaftSharp.Log.Storage;

/// <summary>An open file. Positions are explicit: one writer and any number of readers need no lock.</summary>
/// <remarks>Every failure is a <see cref="StorageException"/>.</remarks>
public interface IStorageFile : IDisposable
{
    string Path { get; }

    long Length { get; }

    /// <summary>Fills <paramref name="target"/> from <paramref name="position"/> on.</summary>
    /// <returns>The bytes read: fewer than asked for only at the end of the file.</returns>
    int Read(Span<byte> target, long position);

    void Write(ReadOnlySpan<byte> bytes, long position);

    /// <summary>Writes the buffers one after the other, gathered in one call.</summary>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position);

    /// <summary>Cuts the file, or extends it with zeros.</summary>
    void Truncate(long length);

    /// <summary>Makes what was written durable before it returns. Blocks: for start and shutdown.</summary>
    void Flush();

    /// <summary>As <see cref="Flush"/> without blocking; completes on any thread.</summary>
    ValueTask FlushAsync();

    /// <summary>The first <paramref name="length"/> bytes as memory shared with the file.</summary>
    /// <remarks>The file is at least that long and must not be cut below it while the mapping lives. The caller
    /// sees to it that nobody uses the memory after the mapping was disposed.</remarks>
    IStorageMapping Map(int length);
}
