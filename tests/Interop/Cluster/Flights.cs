using System.IO.Compression;

namespace KRaftSharp.Tests.Interop.Cluster;

/// <summary>The sample of real flights: <c>origin, tab, json</c>, a line each.</summary>
internal static class Flights
{
    public static IReadOnlyList<string> Lines { get; } = Read();

    public static string Text { get; } = string.Concat(Lines.Select(line => line + "\n"));

    public static string KeyOf(string line) => line[..line.IndexOf('\t', StringComparison.Ordinal)];

    public static string ValueOf(string line) => line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..];

    /// <summary>Every line once, and those of a key in the order of the input.</summary>
    public static void AssertSame(IReadOnlyList<string> found)
    {
        Assert.Equal(Lines.Count, found.Count);
        Assert.Equal(ByKey(Lines), ByKey(found));
    }

    private static Dictionary<string, string[]> ByKey(IEnumerable<string> lines) =>
        lines.GroupBy(KeyOf).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(
            group => group.Key, group => group.ToArray());

    private static List<string> Read()
    {
        using GZipStream stream = new(
            File.OpenRead(Repository.PathOf("samples", "flights.tsv.gz")), CompressionMode.Decompress);
        using StreamReader reader = new(stream);
        List<string> lines = [];
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }
}
