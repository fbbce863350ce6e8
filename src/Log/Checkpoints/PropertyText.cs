using System.Text;

namespace KRaftSharp.Log.Checkpoints;

/// <summary>Lines "key=value" or "key: value", with # comments, as in Java's properties files.</summary>
internal static class PropertyText
{
    public static Dictionary<string, string> Parse(ReadOnlySpan<byte> bytes)
    {
        Dictionary<string, string> values = [];
        foreach (string raw in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            string line = raw.Trim();
            int separator = line.IndexOfAny(['=', ':']);
            if (line.Length > 0 && line[0] is not ('#' or '!') && separator > 0)
            {
                values[line[..separator].TrimEnd()] =
                    line[(separator + 1)..].TrimStart().Replace("\\", "", StringComparison.Ordinal);
            }
        }

        return values;
    }
}
