using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Log.Checkpoints;

/// <summary>The file meta.properties of a log directory, version 1 (KIP-858).</summary>
public sealed record MetaProperties(string ClusterId, int NodeId, Uuid DirectoryId)
{
    public const string FileName = "meta.properties";

    /// <summary>What a directory says of itself; null when it has no such file.</summary>
    /// <exception cref="FormatException">The file does not say what it must.</exception>
    public static MetaProperties? Read(IStorage storage, string directory) => throw new NotSupportedException();

    public void Write(IStorage storage, string directory) => throw new NotSupportedException();
}
