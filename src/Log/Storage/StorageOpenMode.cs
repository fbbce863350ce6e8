namespace KRaftSharp.Log.Storage;

/// <summary>How a file is opened.</summary>
public enum StorageOpenMode
{
    /// <summary>For reading and writing; must exist.</summary>
    Existing,

    /// <summary>For reading and writing; created empty when it does not exist.</summary>
    OpenOrCreate,

    /// <summary>For reading and writing; emptied when it exists.</summary>
    CreateOrTruncate,

    /// <summary>For reading only; must exist.</summary>
    Read,
}
