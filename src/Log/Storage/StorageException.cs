namespace KRaftSharp.Log.Storage;

/// <summary>The disk failed. Who owns the file takes it offline; it is never retried.</summary>
public sealed class StorageException : IOException
{
    public StorageException()
    {
    }

    public StorageException(string message)
        : base(message)
    {
    }

    public StorageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public StorageException(StorageFault kind, string path, Exception? innerException = null)
        : base($"{kind}: {path}: {innerException?.Message ?? "failed"}", innerException)
    {
        Kind = kind;
        Path = path;
    }

    public StorageFault Kind { get; }

    public string Path { get; } = "";
}
