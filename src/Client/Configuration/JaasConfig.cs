using System.Text;

namespace KRaftSharp.Client.Configuration;

/// <summary>The one line of a JAAS configuration that <c>sasl.jaas.config</c> holds.</summary>
internal static class JaasConfig
{
    /// <summary>Names and values behind "module required"; values may stand in quotes.</summary>
    /// <exception cref="KafkaConfigException">It does not end with a semicolon, or an entry is no name=value.
    /// </exception>
    public static Dictionary<string, string> Parse(string text)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        string trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            return settings;
        }

        if (trimmed[^1] != ';')
        {
            throw Wrong("it must end with a semicolon");
        }

        List<string> words = Words(trimmed[..^1]);
        if (words.Count < 2)
        {
            throw Wrong("a login module and a control flag must come first");
        }

        foreach (string word in words.Skip(2))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw Wrong("its settings must be name=value");
            }

            settings[word[..equals]] = word[(equals + 1)..];
        }

        return settings;
    }

    // Blanks part words, but not within quotes, which are dropped; a backslash there takes the next character as is.
    private static List<string> Words(string text)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool isQuoted = false;
        bool isOpen = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '"')
            {
                isQuoted = !isQuoted;
                isOpen = true;
            }
            else if (c == '\\' && isQuoted && i + 1 < text.Length)
            {
                word.Append(text[++i]);
            }
            else if (char.IsWhiteSpace(c) && !isQuoted)
            {
                if (isOpen)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    isOpen = false;
                }
            }
            else
            {
                word.Append(c);
                isOpen = true;
            }
        }

        if (isQuoted)
        {
            throw Wrong("a quote is not closed");
        }

        if (isOpen)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    // Without the value: it holds a password.
    private static KafkaConfigException Wrong(string what) =>
        new($"Invalid value for configuration sasl.jaas.config: {what}");
}
