using Microsoft.Win32.SafeHandles;

namespace KRaftSharp.Log.Storage;

/// <summary>A file of the operating system, read and written at explicit positions.</summary>
internal sealed class DiskFile(string path, SafeFileHandle handle) : IStorageFile, IOsFile
{
    public SafeFileHandle Handle => handle;

    public string Path => path;

    public long Length
    {
        get
        {
            try
            {
                return RandomAccess.GetLength(handle);
            }
            catch (Exception error) when (DiskErrors.IsStorageError(error))
            {
                throw DiskErrors.Translate(error, path);
            }
        }
    }

    public int Read(Span<byte> target, long position)
    {
        try
        {
            int total = 0;
            while (total < target.Length)
            {
                int count = RandomAccess.Read(handle, target[total..], position + total);
                if (count == 0)
                {
                    break;
                }

                total += count;
            }

            return total;
        }
        catch (Exception error) when (DiskErrors.IsStorageError(error))
        {
            throw DiskErrors.Translate(error, path);
        }
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        try
        {
            RandomAccess.Write(handle, bytes, position);
        }
        catch (Exception error) when (DiskErrors.IsStorageError(error))
        {
            throw DiskErrors.Translate(error, path);
        }
    }

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position)
    {
        try
        {
            RandomAccess.Write(handle, buffers, position);
        }
        catch (Exception error) when (DiskErrors.IsStorageError(error))
        {
            throw DiskErrors.Translate(error, path);
        }
    }

    public void Truncate(long length)
    {
        try
        {
            RandomAccess.SetLength(handle, length);
        }
        catch (Exception error) when (DiskErrors.IsStorageError(error))
        {
            throw DiskErrors.Translate(error, path);
        }
    }

    public void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(handle);
        }
        catch (Exception error) when (DiskErrors.IsStorageError(error))
        {
            throw DiskErrors.Translate(error, path);
        }
    }

    public ValueTask FlushAsync() => new(Task.Run(Flush));

    public IStorageMapping Map(int length)
    {
        try
        {
            if (RandomAccess.GetLength(handle) < length)
            {
                RandomAccess.SetLength(handle, length);
            }

            return new DiskMapping(handle, length);
        }
        catch (Exception error) when (DiskErrors.IsStorageError(error))
        {
            throw DiskErrors.Translate(error, path);
        }
    }

    public void Dispose() => handle.Dispose();
}
