using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>
/// Reads regular expressions as Kafka's coordinator does, in the syntax of RE2 (KIP-848), and writes them for .NET's
/// engine that runs in linear time. What RE2 does not have is refused, however .NET would take it.
/// </summary>
internal sealed class Re2Syntax(string regex)
{
    private const int MostRepeats = 1_000;
    private const string EscapedInClasses = "aftnrvdDsSwW";
    private const string EscapedAsTheyAre = EscapedInClasses + "bBAz";
    private const StringComparison Ordinal = StringComparison.Ordinal;

    private readonly StringBuilder _out = new(regex.Length + 16);
    private int _at;
    private int _depth;
    private bool _mayRepeat;

    /// <summary>The expression for .NET, without anchors of its own; null when it is none of RE2's.</summary>
    /// <param name="error">Why it is none.</param>
    public static string? Translate(string regex, out string? error)
    {
        Re2Syntax syntax = new(regex);
        error = syntax.Run();
        return error is null ? syntax._out.ToString() : null;
    }

    private char Here => regex[_at];

    private bool IsAtEnd => _at >= regex.Length;

    private string? Run()
    {
        while (!IsAtEnd)
        {
            string? error = Here switch
            {
                '(' => Open(),
                ')' => Close(),
                '[' => Class(),
                '\\' => Escape(inClass: false),
                '*' or '+' or '?' => Repeat(Here.ToString()),
                '{' when Bounds() is { } bounds => Repeat(bounds),
                '{' => Take(@"\{", true),
                '|' => Take("|", false),
                '^' or '$' => Take(Here.ToString(), true),
                '.' => Take(".", true),
                _ => Take(Here.ToString(), true),
            };
            if (error is not null)
            {
                return error;
            }
        }

        return _depth == 0 ? null : "missing closing ): " + regex;
    }

    private string? Take(string written, bool mayRepeat)
    {
        _out.Append(written);
        _at++;
        _mayRepeat = mayRepeat;
        return null;
    }

    private string? Open()
    {
        if (_at + 1 >= regex.Length || regex[_at + 1] != '?')
        {
            _depth++;
            return Take("(", false);
        }

        string rest = regex[(_at + 2)..];
        int named = rest.StartsWith("P<", Ordinal) ? 2 : rest.StartsWith('<') ? 1 : 0;
        if (named > 0)
        {
            int end = rest.IndexOf('>', Ordinal);
            string name = end < 0 ? "" : rest[named..end];
            if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            {
                return "invalid named capture: " + rest;
            }

            _depth++;
            _out.Append('(');
            _at += 2 + end + 1;
            _mayRepeat = false;
            return null;
        }

        return Flags(rest);
    }

    /// <summary>(?flags) or (?flags:re); U turns greediness around, which does not matter for whole matches.</summary>
    private string? Flags(string rest)
    {
        int end = rest.IndexOfAny([':', ')']);
        string flags = end < 0 ? rest : rest[..end];
        if (end < 0 || flags.Any(flag => !"imsU-".Contains(flag, Ordinal))
            || flags.Count(flag => flag == '-') > 1 || flags.EndsWith('-') || (rest[end] == ')' && flags.Length == 0))
        {
            return "invalid or unsupported Perl syntax: (?" + rest;
        }

        string kept = flags.Replace("U", "", Ordinal).TrimEnd('-');
        bool isGroup = rest[end] == ':';
        _depth += isGroup ? 1 : 0;
        _out.Append(isGroup ? $"(?{kept}:" : kept.Length == 0 ? "" : $"(?{kept})");
        _at += 2 + end + 1;
        _mayRepeat = false;
        return null;
    }

    private string? Close()
    {
        if (--_depth < 0)
        {
            return "unexpected ): " + regex;
        }

        return Take(")", true);
    }

    /// <summary>{n}, {n,} or {n,m}; null where the brace is an ordinary letter.</summary>
    private string? Bounds()
    {
        int end = regex.IndexOf('}', _at);
        if (end < 0)
        {
            return null;
        }

        string[] parts = regex[(_at + 1)..end].Split(',');
        bool isBounds = parts.Length <= 2 && parts[0].Length > 0 && parts.All(part => part.All(char.IsAsciiDigit));
        return isBounds ? regex[_at..(end + 1)] : null;
    }

    private string? Repeat(string how)
    {
        if (!_mayRepeat)
        {
            return $"{(_out.Length == 0 ? "missing argument to" : "invalid nested")} repetition operator: {how}";
        }

        if (how[0] == '{')
        {
            int[] bounds = [.. how[1..^1].Split(',').Where(part => part.Length > 0).Select(
                part => int.TryParse(part, CultureInfo.InvariantCulture, out int count) ? count : int.MaxValue)];
            if (bounds.Any(count => count > MostRepeats) || (bounds.Length == 2 && bounds[0] > bounds[1]))
            {
                return "invalid repeat count: " + how;
            }
        }

        _out.Append(how);
        _at += how.Length;
        _mayRepeat = false;
        if (!IsAtEnd && Here == '?')
        {
            _at++; // as few as possible: the same whole matches
        }

        return null;
    }

    private string? Class()
    {
        int start = _at++;
        _out.Append('[');
        if (!IsAtEnd && Here == '^')
        {
            _out.Append('^');
            _at++;
        }

        for (bool isFirst = true; ; isFirst = false)
        {
            if (IsAtEnd)
            {
                return "missing closing ]: " + regex[start..];
            }

            string? error = null;
            switch (Here)
            {
                case ']' when !isFirst:
                    return Take("]", true);
                case '[' when regex.AsSpan(_at).StartsWith("[:") && regex.AsSpan(_at).Contains(":]", Ordinal):
                    error = Posix();
                    break;
                case '\\':
                    error = Escape(inClass: true);
                    break;
                case '[' or ']':
                    error = Take("\\" + Here, true);
                    break;
                default:
                    error = Take(Here.ToString(), true);
                    break;
            }

            if (error is not null)
            {
                return error;
            }
        }
    }

    /// <summary>[:name:] or [:^name:] within a class.</summary>
    private string? Posix()
    {
        int end = regex.IndexOf(":]", _at, Ordinal);
        string name = regex[(_at + 2)..end];
        bool isNegated = name.StartsWith('^');
        if (Re2Classes.Posix(isNegated ? name[1..] : name) is not { } members)
        {
            return "invalid character class range: [:" + name + ":]";
        }

        _out.Append(isNegated ? Re2Classes.Complement(members) : members);
        _at = end + 2;
        return null;
    }

    private string? Escape(bool inClass)
    {
        int start = _at++;
        if (IsAtEnd)
        {
            return "trailing backslash at end of expression";
        }

        char letter = Here;
        if (letter == 'Q' && !inClass)
        {
            return Quote();
        }

        if (letter is 'p' or 'P')
        {
            return Unicode(start, letter == 'P', inClass);
        }

        bool isBeforeDigit = _at + 1 < regex.Length && regex[_at + 1] is >= '0' and <= '7';
        if (letter == '0' || (letter is > '0' and <= '7' && isBeforeDigit))
        {
            return Octal();
        }

        if (letter == 'x')
        {
            return Hex(start);
        }

        if (letter == 'C' && !inClass)
        {
            return Take(@"[\s\S]", true);
        }

        if (!char.IsAsciiLetterOrDigit(letter))
        {
            return letter < 0x80 ? Take(Regex.Escape(letter.ToString()), true) : Unknown(letter);
        }

        return (inClass ? EscapedInClasses : EscapedAsTheyAre).Contains(letter, Ordinal)
            ? Take("\\" + letter, true)
            : Unknown(letter);
    }

    private static string Unknown(char letter) => "invalid escape sequence: \\" + letter;

    /// <summary>\Q...\E, or up to the end.</summary>
    private string? Quote()
    {
        int end = regex.IndexOf(@"\E", _at + 1, Ordinal);
        string text = end < 0 ? regex[(_at + 1)..] : regex[(_at + 1)..end];
        foreach (char letter in text)
        {
            _out.Append(Regex.Escape(letter.ToString()));
        }

        _at = end < 0 ? regex.Length : end + 2;
        _mayRepeat = text.Length > 0;
        return null;
    }

    private string? Octal()
    {
        int value = 0;
        for (int digits = 0; digits < 3 && !IsAtEnd && Here is >= '0' and <= '7'; digits++, _at++)
        {
            value = (value * 8) + (Here - '0');
        }

        return Write(value);
    }

    private string? Hex(int start)
    {
        int begin = _at + 1;
        bool isBraced = begin < regex.Length && regex[begin] == '{';
        int end = isBraced ? regex.IndexOf('}', begin) : begin + 2;
        if (end < 0 || end > regex.Length
            || !int.TryParse(
                regex.AsSpan(isBraced ? begin + 1 : begin, end - (isBraced ? begin + 1 : begin)),
                NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            || value is < 0 or > 0x10FFFF)
        {
            return "invalid escape sequence: " + regex[start..Math.Min(regex.Length, start + 4)];
        }

        _at = isBraced ? end + 1 : end;
        return Write(value);
    }

    private string? Write(int rune)
    {
        _out.Append(rune <= char.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune:X4}")
            : @"\uFFFF"); // beyond what names of topics may have
        _mayRepeat = true;
        return null;
    }

    /// <summary>\pN, \p{Name} and their complements. Topics have ASCII names: of scripts only Latin says something.
    /// </summary>
    private string? Unicode(int start, bool isNegated, bool inClass)
    {
        _at++;
        if (IsAtEnd)
        {
            return "invalid character class range: " + regex[start..];
        }

        int end = Here == '{' ? regex.IndexOf('}', _at) : _at;
        if (end < 0)
        {
            return "invalid character class range: " + regex[start..];
        }

        string name = Here == '{' ? regex[(_at + 1)..end] : Here.ToString();
        _at = end + 1;
        if (name.StartsWith('^'))
        {
            isNegated = !isNegated;
            name = name[1..];
        }

        _mayRepeat = true;
        if (Re2Classes.Unicode(name, isNegated, inClass) is not { } members)
        {
            return "invalid character class range: " + regex[start..Math.Min(end + 1, regex.Length)];
        }

        _out.Append(members);
        return null;
    }
}
