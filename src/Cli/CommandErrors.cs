using System.CommandLine;
using KRaftSharp.Client;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli;

/// <summary>Turns what a command throws into one line and an exit code.</summary>
internal static class CommandErrors
{
    public const int Failed = 1;
    public const int WrongUsage = 2;
    private const int Interrupted = 130;

    /// <summary>Sets the command's action: 0 when it returns, else a line on the error stream and the code.</summary>
    public static void Run(this Command command, Func<ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction((arguments, cancellation) => GuardAsync(command, action, arguments, cancellation));

    private static async Task<int> GuardAsync(
        Command command,
        Func<ParseResult, CancellationToken, Task<int>> action,
        ParseResult arguments,
        CancellationToken cancellation)
    {
        try
        {
            return await action(arguments, cancellation);
        }
        catch (KafkaException error)
        {
            return Say($"{error.Message} ({ErrorCodes.KafkaName(error.Code)})", Failed);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            return Say(error.Message, WrongUsage);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Say(error.Message, Failed);
        }

        int Say(string message, int code)
        {
            Console.Error.WriteLine($"kraftsharp {PathOf(command)}: {message.ReplaceLineEndings(" ")}");
            return code;
        }
    }

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault(parent => parent is not RootCommand) is { } parent
            ? $"{PathOf(parent)} {command.Name}"
            : command.Name;
}
