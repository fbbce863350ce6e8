using System.Globalization;
using System.Text;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Log.Checkpoints;

/// <summary>The file meta.properties of a log directory, version 1 (KIP-858).</summary>
public sealed record MetaProperties(string ClusterId, int NodeId, Uuid DirectoryId)
{
    public const string FileName = "meta.properties";

    /// <summary>What a directory says of itself; null when it has no such file.</summary>
    /// <exception cref="FormatException">The file does not say what it must.</exception>
    public static MetaProperties? Read(IStorage storage, string directory)
    {
        string path = $"{directory}/{FileName}";
        if (!storage.FileExists(path))
        {
            return null;
        }

        Dictionary<string, string> values = PropertyText.Parse(storage.ReadAllBytes(path));
        if (values.GetValueOrDefault("version") != "1")
        {
            throw new FormatException($"{path}: version must be 1, it is {values.GetValueOrDefault("version")}");
        }

        if (!values.TryGetValue("cluster.id", out string? clusterId) || clusterId.Length == 0)
        {
            throw new FormatException($"{path}: cluster.id is missing");
        }

        if (!int.TryParse(
            values.GetValueOrDefault("node.id"), NumberStyles.None, CultureInfo.InvariantCulture, out int nodeId))
        {
            throw new FormatException($"{path}: node.id must be a number");
        }

        Uuid directoryId = Uuid.Zero;
        if (values.TryGetValue("directory.id", out string? text) && !Uuid.TryParse(text, out directoryId))
        {
            throw new FormatException($"{path}: directory.id is not an id: {text}");
        }

        return new MetaProperties(clusterId, nodeId, directoryId);
    }

    public void Write(IStorage storage, string directory)
    {
        var text = new StringBuilder();
        text.Append("#\n");
        text.Append(CultureInfo.InvariantCulture, $"cluster.id={ClusterId}\n");
        if (!DirectoryId.IsZero)
        {
            text.Append(CultureInfo.InvariantCulture, $"directory.id={DirectoryId}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"node.id={NodeId}\n");
        text.Append("version=1\n");
        storage.WriteAtomically($"{directory}/{FileName}", Encoding.UTF8.GetBytes(text.ToString()));
    }
}
