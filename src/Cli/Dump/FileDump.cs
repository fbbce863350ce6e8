using System.Globalization;
using System.Text.Json;

namespace KRaftSharp.Cli.Dump;

/// <summary>Tells by its name what a file is, and prints it.</summary>
internal static class FileDump
{
    private const string MetadataFolder = "__cluster_metadata-";

    private static readonly string[] TextFiles =
    [
        "meta.properties", "partition.metadata", "quorum-state", "leader-epoch-checkpoint",
        "replication-offset-checkpoint", "recovery-point-offset-checkpoint", "log-start-offset-checkpoint",
        "cleaner-offset-checkpoint", ".kafka_cleanshutdown",
    ];

    private static readonly string[] Extensions =
    [
        ".log", ".index", ".timeindex", ".txnindex", ".snapshot", ".checkpoint",
    ];

    public static bool IsKnown(string path) =>
        TextFiles.Contains(Path.GetFileName(path)) || Extensions.Contains(Path.GetExtension(path));

    /// <returns>False when something in the file is not as it must be.</returns>
    /// <exception cref="InvalidDataException">The name says nothing about what it holds.</exception>
    public static bool Write(string path, bool deep, DumpOutput output)
    {
        string name = Path.GetFileName(path);
        Utf8JsonWriter json = output.Begin();
        json.WriteString("file", path);
        json.WriteNumber("bytes", new FileInfo(path).Length);
        output.End();
        if (TextFiles.Contains(name))
        {
            return TextDump.Write(path, output);
        }

        return Path.GetExtension(name) switch
        {
            ".log" => SegmentDump.Write(path, IsMetadata(path), deep, output),
            ".checkpoint" => SegmentDump.Write(path, isMetadata: true, deep, output),
            ".index" => IndexDump.WriteOffsets(File.ReadAllBytes(path), BaseOffset(name), output),
            ".timeindex" => IndexDump.WriteTimes(File.ReadAllBytes(path), BaseOffset(name), output),
            ".txnindex" => IndexDump.WriteTransactions(File.ReadAllBytes(path), output),
            ".snapshot" => ProducerSnapshotDump.Write(File.ReadAllBytes(path), output),
            _ => throw new InvalidDataException(
                $"{path}: the name does not say what it is "
                + $"(known: {string.Join(' ', Extensions)} and Kafka's checkpoints)"),
        };
    }

    private static bool IsMetadata(string path) => Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)))
        ?.StartsWith(MetadataFolder, StringComparison.Ordinal) == true;

    private static long BaseOffset(string name) => long.TryParse(
        Path.GetFileNameWithoutExtension(name), NumberStyles.None, CultureInfo.InvariantCulture, out long offset)
            ? offset
            : throw new InvalidDataException($"{name}: an index is named by its segment's first offset");
}
