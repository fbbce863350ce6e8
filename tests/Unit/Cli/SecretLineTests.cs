using KRaftSharp.Cli;

namespace KRaftSharp.Tests.Unit.Cli;

public sealed class SecretLineTests
{
    [Theory]
    [InlineData("secret\r", "secret")]
    [InlineData("sex\bcret\r", "secret")]
    [InlineData("wrong\x15right\r", "right")]
    [InlineData("\b\b\r", "")]
    public void Read_TakesKeysUntilTheLineEnds(string typed, string expected)
    {
        Queue<char> keys = new(typed);

        string line = SecretLine.Read(() => KeyOf(keys.Dequeue()));

        Assert.Equal(expected, line);
        Assert.Empty(keys);
    }

    private static ConsoleKeyInfo KeyOf(char one) => one switch
    {
        '\r' => new(one, ConsoleKey.Enter, shift: false, alt: false, control: false),
        '\b' => new(one, ConsoleKey.Backspace, shift: false, alt: false, control: false),
        '\x15' => new(one, ConsoleKey.U, shift: false, alt: false, control: true),
        _ => new(one, ConsoleKey.None, shift: false, alt: false, control: false),
    };
}
