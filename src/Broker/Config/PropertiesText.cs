using System.Globalization;
using System.Text;

namespace KRaftSharp.Broker.Config;

/// <summary>Reads the text of a Java properties file, as server.properties is one.</summary>
public static class PropertiesText
{
    /// <summary>Keys and values; of a key that comes twice, the last one counts.</summary>
    public static Dictionary<string, string> Parse(string text)
    {
        Dictionary<string, string> properties = new(StringComparer.Ordinal);
        StringBuilder logical = new();
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.TrimEnd('\r').TrimStart(' ', '\t', '\f');
            if (logical.Length == 0 && (line.Length == 0 || line[0] is '#' or '!'))
            {
                continue;
            }

            int backslashes = line.Length - line.TrimEnd('\\').Length;
            if (backslashes % 2 == 1)
            {
                logical.Append(line, 0, line.Length - 1);
                continue;
            }

            logical.Append(line);
            Add(properties, logical.ToString());
            logical.Clear();
        }

        if (logical.Length > 0)
        {
            Add(properties, logical.ToString());
        }

        return properties;
    }

    private static void Add(Dictionary<string, string> properties, string line)
    {
        int end = 0;
        while (end < line.Length && line[end] is not ('=' or ':' or ' ' or '\t'))
        {
            end += line[end] == '\\' ? 2 : 1;
        }

        end = Math.Min(end, line.Length);
        int start = end;
        while (start < line.Length && line[start] is ' ' or '\t')
        {
            start++;
        }

        if (start < line.Length && line[start] is '=' or ':')
        {
            start++;
        }

        properties[Unescape(line[..end])] = Unescape(line[start..].TrimStart(' ', '\t'));
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                plain.Append(text[i]);
                continue;
            }

            char escaped = text[++i];
            if (escaped == 'u' && i + 4 < text.Length
                && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.HexNumber, null, out ushort c))
            {
                plain.Append((char)c);
                i += 4;
                continue;
            }

            plain.Append(escaped switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', _ => escaped });
        }

        return plain.ToString();
    }
}
