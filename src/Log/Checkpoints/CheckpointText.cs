using System.Globalization;
using System.Text;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log.Checkpoints;

/// <summary>
/// Kafka's checkpoint files: a line with the version (0), one with the number of entries, one an entry.
/// </summary>
internal static class CheckpointText
{
    private const int Version = 0;

    public static byte[] Format<T>(IReadOnlyCollection<T> entries, Action<StringBuilder, T> appendLine)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Version}\n{entries.Count}\n");
        foreach (T entry in entries)
        {
            appendLine(text, entry);
            text.Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The fields of each entry; null when there is no such file or it is not one of this format.</summary>
    public static List<string[]>? TryRead(IStorage storage, string path, int fieldCount)
    {
        if (!storage.FileExists(path))
        {
            return null;
        }

        string[] lines = Encoding.UTF8.GetString(storage.ReadAllBytes(path)).Split('\n');
        if (lines.Length < 2
            || !int.TryParse(lines[0].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int version)
            || version != Version
            || !int.TryParse(lines[1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            || lines.Length - 2 < count)
        {
            return null;
        }

        List<string[]> entries = [];
        foreach (string line in lines.AsSpan(2, count))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (fields.Length != fieldCount)
            {
                return null;
            }

            entries.Add(fields);
        }

        return entries;
    }
}
