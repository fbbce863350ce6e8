using System.IO.Compression;
using System.Text.Json;

namespace KRaftSharp.Tests.Unit.Protocol;

/// <summary>The golden vectors: from the folder KRAFTSHARP_VECTORS names, else from the shared folder beside the
/// repository, else the subset kept with the tests.</summary>
internal static class VectorFiles
{
    public static readonly string[] OfMessages =
    [
        "clients", "metadata", "group-coordinator", "transaction-coordinator", "share-coordinator", "raft", "storage",
    ];

    private static readonly string Root = FindRoot();
    private static readonly string Own = Path.Combine(Root, "tests", "Unit", "Protocol", "Vectors");
    private static readonly string Folder = FindFolder();

    /// <summary>The lines of a file.</summary>
    public static IEnumerable<JsonElement> Lines(string name) => Read(Path.Combine(Folder, name + ".jsonl.gz"));

    /// <summary>The lines of a file that is kept with the tests only.</summary>
    public static IEnumerable<JsonElement> OwnLines(string name) => Read(Path.Combine(Own, name + ".jsonl.gz"));

    private static IEnumerable<JsonElement> Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var unzipped = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        while (unzipped.ReadLine() is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    /// <summary>"ProduceRequest v3 edge", or the type of a primitive: says which line failed.</summary>
    public static string Describe(JsonElement line) => string.Join(' ',
        from name in new[] { "message", "version", "case", "type", "clientId" }
        where line.TryGetProperty(name, out _)
        select line.GetProperty(name).ToString());

    public static byte[] Hex(JsonElement line, string name = "hex") =>
        Convert.FromHexString(line.GetProperty(name).GetString()!);

    private static string FindRoot()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "KRaftSharp.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new FileNotFoundException("KRaftSharp.sln");
        }

        return root;
    }

    private static string FindFolder()
    {
        string folder = Environment.GetEnvironmentVariable("KRAFTSHARP_VECTORS") is { Length: > 0 } named
            ? named
            : Path.Combine(Root, "..", "shared", "kafka-protocol", "vectors");
        return Directory.Exists(folder) ? folder : Own;
    }
}
