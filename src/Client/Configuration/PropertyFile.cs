using System.Globalization;
using System.Text;

namespace KRaftSharp.Client.Configuration;

/// <summary>The text of a <c>.properties</c> file, as Java reads it.</summary>
public static class PropertyFile
{
    /// <summary>Keys and values of the text; of a key that comes twice the last counts.</summary>
    /// <remarks>Comments begin with # or !, a line that ends with a backslash goes on, \t \n \r \f \uXXXX and a
    /// backslash before anything else are escapes; key and value are parted by =, : or white space.</remarks>
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        Dictionary<string, string> properties = new(StringComparer.Ordinal);
        StringBuilder line = new();
        foreach (string raw in text.Split('\n'))
        {
            string part = raw.TrimEnd('\r').TrimStart(' ', '\t', '\f');
            if (line.Length == 0 && (part.Length == 0 || part[0] is '#' or '!'))
            {
                continue;
            }

            if (EndsOpen(part))
            {
                line.Append(part, 0, part.Length - 1);
                continue;
            }

            Add(properties, line.Append(part).ToString());
            line.Clear();
        }

        if (line.Length > 0)
        {
            Add(properties, line.ToString());
        }

        return properties;
    }

    private static bool EndsOpen(string line)
    {
        int backslashes = 0;
        while (backslashes < line.Length && line[^(backslashes + 1)] == '\\')
        {
            backslashes++;
        }

        return backslashes % 2 == 1;
    }

    private static void Add(Dictionary<string, string> properties, string line)
    {
        int end = 0;
        while (end < line.Length && line[end] is not ('=' or ':' or ' ' or '\t' or '\f'))
        {
            end += line[end] == '\\' ? 2 : 1;
        }

        end = Math.Min(end, line.Length);
        int value = end;
        value = SkipBlanks(line, value);
        if (value < line.Length && line[value] is '=' or ':')
        {
            value = SkipBlanks(line, value + 1);
        }

        properties[Unescape(line[..end])] = Unescape(line[value..]);
    }

    private static int SkipBlanks(string line, int at)
    {
        while (at < line.Length && line[at] is ' ' or '\t' or '\f')
        {
            at++;
        }

        return at;
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        const int hexDigits = 4;
        StringBuilder result = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            char escaped = text[++i];
            if (escaped == 'u' && i + hexDigits < text.Length && ushort.TryParse(
                text.AsSpan(i + 1, hexDigits), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ushort code))
            {
                result.Append((char)code);
                i += hexDigits;
                continue;
            }

            result.Append(escaped switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', _ => escaped });
        }

        return result.ToString();
    }
}
