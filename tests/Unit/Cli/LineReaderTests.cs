using System.Text;
using KRaftSharp.Cli.Records;

namespace KRaftSharp.Tests.Unit.Cli;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("one", new[] { "one" })]
    [InlineData("one\n", new[] { "one" })]
    [InlineData("one\n\ntwo\n", new[] { "one", "", "two" })]
    [InlineData("\n", new[] { "" })]
    public async Task Read_GivesEveryLineAndThenEnds(string text, string[] expected) =>
        Assert.Equal(expected, await ReadAllAsync(new MemoryStream(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public async Task Read_LineLongerThanItsBuffer_ComesWhole()
    {
        string line = new('x', 700_000);

        Assert.Equal([line, "y"], await ReadAllAsync(new MemoryStream(Encoding.UTF8.GetBytes($"{line}\ny"))));
    }

    private static async Task<List<string>> ReadAllAsync(Stream stream)
    {
        LineReader reader = new(stream);
        List<string> lines = [];
        while (await reader.ReadAsync(CancellationToken.None) is { } line)
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        return lines;
    }
}
