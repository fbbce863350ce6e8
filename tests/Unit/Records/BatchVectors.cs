using System.IO.Compression;
using System.Text.Json;

namespace KRaftSharp.Tests.Unit.Records;

/// <summary>The lines of batches.jsonl.gz: from the folder KRAFTSHARP_VECTORS names, else from the shared folder beside
/// the repository, else the subset kept with the tests.</summary>
internal static class BatchVectors
{
    private const string FileName = "batches.jsonl.gz";

    private static readonly Lazy<JsonElement[]> Lines = new(Load);

    public static JsonElement Get(int line) => Lines.Value[line];

    public static TheoryData<int, string> Where(bool valid)
    {
        var data = new TheoryData<int, string>();
        for (int i = 0; i < Lines.Value.Length; i++)
        {
            if (Lines.Value[i].GetProperty("valid").GetBoolean() == valid)
            {
                data.Add(i, Lines.Value[i].GetProperty("name").GetString()!);
            }
        }

        return data;
    }

    private static JsonElement[] Load()
    {
        using FileStream file = File.OpenRead(FindFile());
        using var unzipped = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var lines = new List<JsonElement>();
        while (unzipped.ReadLine() is { } line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            lines.Add(document.RootElement.Clone());
        }

        return [.. lines];
    }

    private static string FindFile()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "KRaftSharp.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new FileNotFoundException("KRaftSharp.sln");
        }

        string folder = Environment.GetEnvironmentVariable("KRAFTSHARP_VECTORS") is { Length: > 0 } named
            ? named
            : Path.Combine(root, "..", "shared", "kafka-protocol", "vectors");
        string file = Path.Combine(folder, FileName);
        return File.Exists(file) ? file : Path.Combine(root, "tests", "Unit", "Protocol", "Vectors", FileName);
    }
}
