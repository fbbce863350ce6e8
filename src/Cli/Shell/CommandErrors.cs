using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KRaftSharp.Client;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli;

/// <summary>Turns what a command throws into words that say what to do, and an exit code.</summary>
internal static class CommandErrors
{
    public const int Failed = 1;
    public const int WrongUsage = 2;
    private const int Interrupted = 130;

    /// <summary>Sets the action of a command that talks to a cluster: its code when it returns, else a line on the
    /// error stream, a hint where there is one, and the code of the failure.</summary>
    public static void Run(
        this Command command, ClusterOptions options, Func<ToolContext, CancellationToken, Task<int>> action) =>
        command.SetAction((arguments, cancellation) => GuardAsync(
            new ToolContext(arguments, options, PathOf(command)), options, action, cancellation));

    /// <summary>Says what failed; an object in one line where JSON was asked for.</summary>
    public static void Say(ToolContext context, string message, ErrorCode error, string? hint)
    {
        if (context.Screen.IsJson)
        {
            context.Configuration.Error.WriteLine(ToJson(message, error, hint));
            return;
        }

        context.Complain(error == ErrorCode.None ? message : $"{message} ({ErrorCodes.KafkaName(error)})");
        if (hint is not null)
        {
            context.Configuration.Error.WriteLine($"  hint: {hint}");
        }
    }

    private static async Task<int> GuardAsync(
        ToolContext context,
        ClusterOptions options,
        Func<ToolContext, CancellationToken, Task<int>> action,
        CancellationToken cancellation)
    {
        try
        {
            return await action(context, cancellation);
        }
        catch (ToolException error)
        {
            Say(context, error.Message, error.Error, error.Hint);
            return Failed;
        }
        catch (KafkaException error)
        {
            Say(context, error.Message, error.Code, Hints.For(error.Code, options.ServersOf(context.Arguments)));
            return Failed;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            Say(context, error.Message, ErrorCode.None, null);
            return WrongUsage;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Say(context, error.Message, ErrorCode.None, null);
            return Failed;
        }
    }

    private static string ToJson(string message, ErrorCode error, string? hint)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(
            buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("error", error == ErrorCode.None ? null : ErrorCodes.KafkaName(error));
            json.WriteString("message", message);
            json.WriteString("hint", hint);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault(parent => parent is not RootCommand) is { } parent
            ? $"{PathOf(parent)} {command.Name}"
            : command.Name;
}
