namespace KRaftSharp.Log.Storage;

/// <summary>Why the storage refused.</summary>
public enum StorageFault
{
    /// <summary>A read, write or sync failed; what the disk holds now is unknown.</summary>
    Io = 0,

    /// <summary>No such file or directory.</summary>
    NotFound,

    /// <summary>The disk or the quota is full.</summary>
    NoSpace,

    /// <summary>The process may not.</summary>
    AccessDenied,

    /// <summary>Another process holds the directory.</summary>
    Locked,
}
