namespace KRaftSharp.Log.Storage;

/// <summary>Turns the platform's exceptions into <see cref="StorageException"/>.</summary>
internal static class DiskErrors
{
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;

    public static bool IsStorageError(Exception error) =>
        error is IOException and not StorageException or UnauthorizedAccessException;

    public static StorageException Translate(Exception error, string path) => new(KindOf(error), path, error);

    private static StorageFault KindOf(Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => StorageFault.NotFound,
        UnauthorizedAccessException => StorageFault.AccessDenied,
        _ when (error.HResult & 0xFFFF) is NoSpaceLeft or QuotaExceeded or 112 => StorageFault.NoSpace,
        _ => StorageFault.Io,
    };
}
