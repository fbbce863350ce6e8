using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>The named classes of letters of RE2, as .NET writes them.</summary>
internal static class Re2Classes
{
    private const string All = @"\s\S";

    private static readonly Dictionary<string, string> PosixClasses = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\x00-\x7F",
        ["blank"] = @"\t\x20",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = "0-9",
        ["graph"] = @"\x21-\x7E",
        ["lower"] = "a-z",
        ["print"] = @"\x20-\x7E",
        ["punct"] = @"\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E",
        ["space"] = @"\t\n\v\f\r\x20",
        ["upper"] = "A-Z",
        ["word"] = "0-9A-Za-z_",
        ["xdigit"] = "0-9A-Fa-f",
    };

    /// <summary>What stands between the brackets for [:name:]; null when there is no such class.</summary>
    public static string? Posix(string name) => PosixClasses.GetValueOrDefault(name);

    /// <summary>A general category or a script, or its complement. Topics have ASCII names: of scripts only Latin says
    /// something. Null when there is no such class.</summary>
    /// <param name="inClass">Whether it stands between brackets already.</param>
    public static string? Unicode(string name, bool isNegated, bool inClass)
    {
        if (name.Length is 1 or 2 && char.IsAsciiLetterUpper(name[0])
            && name.Skip(1).All(char.IsAsciiLetterLower))
        {
            return $"\\{(isNegated ? "P" : "p")}{{{name}}}";
        }

        string? members = name switch
        {
            "Any" => All,
            "Latin" => "A-Za-z",
            "Common" => @"\x00-@\[-`{-\x7F",
            _ when name.Length > 2 && name.All(letter => char.IsAsciiLetter(letter) || letter == '_') => "",
            _ => null,
        };
        if (members is null)
        {
            return null;
        }

        members = (isNegated, members) switch
        {
            (false, _) => members,
            (true, "") => All,
            (true, All) => "",
            _ => Complement(members),
        };
        return inClass ? members : members.Length == 0 ? $"[^{All}]" : $"[{members}]";
    }

    /// <summary>The ranges of all other letters below 128, and all above.</summary>
    public static string Complement(string members)
    {
        Regex inside = new(
            $"[{members}]", RegexOptions.NonBacktracking);
        StringBuilder others = new(@"\x80-\uFFFF");
        for (char letter = '\0'; letter < 0x80; letter++)
        {
            if (!inside.IsMatch(letter.ToString()))
            {
                others.Append(CultureInfo.InvariantCulture, $"\\x{(int)letter:X2}");
            }
        }

        return others.ToString();
    }
}
