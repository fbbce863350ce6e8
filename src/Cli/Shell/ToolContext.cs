using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli;

/// <summary>One run of a command: what was given, where the cluster is, where to print.</summary>
internal sealed class ToolContext
{
    private readonly ClusterOptions _options;
    private readonly string _path;

    public ToolContext(ParseResult arguments, ClusterOptions options, string path)
    {
        Arguments = arguments;
        Configuration = (ToolConfiguration)arguments.InvocationConfiguration;
        Screen = new Screen(Configuration, options.FormatOf(arguments));
        _options = options;
        _path = path;
    }

    public ParseResult Arguments { get; }

    public ToolConfiguration Configuration { get; }

    public Screen Screen { get; }

    public T? Value<T>(Option<T> option) => Arguments.GetValue(option);

    public T? Value<T>(Argument<T> argument) => Arguments.GetValue(argument);

    public T Required<T>(Argument<T> argument) => Arguments.GetRequiredValue(argument);

    /// <summary>Options of a client for the cluster that is meant.</summary>
    public T Connect<T>(T options)
        where T : ClientOptions => _options.Apply(Arguments, options);

    public KafkaAdmin Admin() => KafkaAdmin.Create(Connect(new ClientOptions()));

    /// <summary>Prints what was done, and on the error stream what was not.</summary>
    /// <returns>The command's exit code.</returns>
    public int Finish(ChangeLog changes)
    {
        Screen.Show(changes);
        int code = 0;
        foreach ((string message, ErrorCode error) in changes.Failures)
        {
            CommandErrors.Say(this, message, error, Hints.For(error, _options.ServersOf(Arguments)));
            code = CommandErrors.Failed;
        }

        return code;
    }

    /// <summary>A line on the error stream that begins with the command.</summary>
    public void Complain(string message) =>
        Configuration.Error.WriteLine($"kraftsharp {_path}: {message.ReplaceLineEndings(" ")}");
}
