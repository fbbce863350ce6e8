using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;

namespace KRaftSharp.Cli;

/// <summary>The options of every command that talks to a cluster: which one, how long, in what form it prints.</summary>
internal sealed class ClusterOptions
{
    // The three nodes of scripts/cluster.sh, then a single server.
    private const string DefaultServers = "127.0.0.1:19092,127.0.0.1:29092,127.0.0.1:39092,127.0.0.1:9092";

    private readonly Option<string> _servers = new("--bootstrap-server", "-b")
    {
        Description = "Brokers to ask first, host:port, separated by commas (or KRAFTSHARP_BOOTSTRAP)",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("KRAFTSHARP_BOOTSTRAP") ?? DefaultServers,
        HelpName = "servers",
        Recursive = true,
    };

    private readonly Option<int> _timeout = new("--timeout-ms")
    {
        Description = "How long the cluster may take to answer",
        DefaultValueFactory = _ => 10_000,
        HelpName = "ms",
        Recursive = true,
    };

    private readonly Option<OutputFormat> _format = new("--output")
    {
        Description = "text, or json for other programs",
        HelpName = "text|json",
        Recursive = true,
    };

    public ClusterOptions() => _format.CompletionSources.Add("text", "json");

    /// <summary>The command and all below it have them.</summary>
    public void AddTo(Command command)
    {
        command.Add(_servers);
        command.Add(_timeout);
        command.Add(_format);
    }

    public string ServersOf(ParseResult arguments) => arguments.GetValue(_servers)!;

    public OutputFormat FormatOf(ParseResult arguments) => arguments.GetValue(_format);

    public T Apply<T>(ParseResult arguments, T options)
        where T : ClientOptions
    {
        int timeoutMs = arguments.GetValue(_timeout) is > 0 and var ms
            ? ms
            : throw new ArgumentException("--timeout-ms must be 1 or more");
        return options with
        {
            BootstrapServers = ServersOf(arguments),
            ApiTimeout = TimeSpan.FromMilliseconds(timeoutMs),
            ClientId = "kraftsharp-cli",
        };
    }
}
