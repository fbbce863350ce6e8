using System.CommandLine;

namespace KRaftSharp.Cli;

/// <summary>The streams and the terminal that a command works with; tests give their own.</summary>
internal sealed class ToolConfiguration : InvocationConfiguration
{
    private const int PipeWidth = 120;

    public Stream InputStream { get; init; } = Stream.Null;

    /// <summary>For bytes; <see cref="InvocationConfiguration.Output"/> is for lines of text.</summary>
    public Stream OutputStream { get; init; } = Stream.Null;

    public bool IsInputTerminal { get; init; }

    /// <summary>The next key of the terminal, which does not show it.</summary>
    public Func<ConsoleKeyInfo> ReadKey { get; init; } =
        static () => throw new InvalidOperationException("no terminal");

    public bool IsOutputTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

    public bool HasColors { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = PipeWidth;

    /// <summary>This process's own. <c>NO_COLOR</c> switches colours off (no-color.org).</summary>
    public static ToolConfiguration OfProcess() => new()
    {
        InputStream = Console.OpenStandardInput(),
        OutputStream = Console.OpenStandardOutput(),
        IsInputTerminal = !Console.IsInputRedirected,
        ReadKey = static () => Console.ReadKey(intercept: true),
        IsOutputTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        HasColors = !Console.IsOutputRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb",
        Width = Console.IsOutputRedirected && Console.IsErrorRedirected ? PipeWidth : TerminalWidth(),
    };

    private static int TerminalWidth()
    {
        try
        {
            return Console.WindowWidth is > 20 and var width ? width : PipeWidth;
        }
        catch (IOException)
        {
            return PipeWidth;
        }
    }
}
