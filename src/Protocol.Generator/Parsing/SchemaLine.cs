using Microsoft.CodeAnalysis.Text;

namespace KRaftSharp.Protocol.Generator.Parsing;

/// <summary>The words of one line, read from left to right. Comments start with two slashes.</summary>
internal sealed class SchemaLine(IReadOnlyList<SchemaToken> tokens)
{
    private int _next;

    public SchemaToken First => tokens[0];

    public SchemaToken Last => tokens[tokens.Count - 1];

    public bool AtEnd => _next >= tokens.Count;

    /// <summary>Lines with at least one word.</summary>
    public static List<SchemaLine> Split(SourceText text)
    {
        var lines = new List<SchemaLine>();
        foreach (TextLine line in text.Lines)
        {
            List<SchemaToken> tokens = Words(line.ToString(), line.LineNumber);
            if (tokens.Count > 0)
            {
                lines.Add(new SchemaLine(tokens));
            }
        }

        return lines;
    }

    /// <summary>The next word, or the last one again at the end.</summary>
    public SchemaToken Take() => AtEnd ? Last : tokens[_next++];

    public bool TryTake(string word)
    {
        if (AtEnd || tokens[_next].Text != word)
        {
            return false;
        }

        _next++;
        return true;
    }

    /// <summary>The next word if it is a number.</summary>
    public bool TryTakeNumber(out int number)
    {
        number = 0;
        if (AtEnd || !int.TryParse(tokens[_next].Text, out number))
        {
            return false;
        }

        _next++;
        return true;
    }

    private static List<SchemaToken> Words(string line, int lineNumber)
    {
        var words = new List<SchemaToken>();
        int comment = line.IndexOf("//", StringComparison.Ordinal);
        int end = comment < 0 ? line.Length : comment;
        for (int at = 0; at < end;)
        {
            if (char.IsWhiteSpace(line[at]))
            {
                at++;
                continue;
            }

            int start = at;
            while (at < end && !char.IsWhiteSpace(line[at]))
            {
                at++;
            }

            words.Add(new SchemaToken(line.Substring(start, at - start), lineNumber, start));
        }

        return words;
    }
}
