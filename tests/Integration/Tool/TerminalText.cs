using System.Text.RegularExpressions;

namespace KRaftSharp.Tests.Integration.Tool;

internal static partial class TerminalText
{
    /// <summary>What is left to be read when the escape sequences are gone.</summary>
    public static string WithoutColours(string text) => Escapes().Replace(text, "");

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex Escapes();
}
