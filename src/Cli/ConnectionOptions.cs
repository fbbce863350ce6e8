using System.CommandLine;
using KRaftSharp.Client;

namespace KRaftSharp.Cli;

/// <summary>The options that say which cluster is meant; every command that talks to one has them.</summary>
internal sealed class ConnectionOptions
{
    // The three nodes of scripts/cluster.sh, then a single server.
    private const string DefaultServers = "127.0.0.1:19092,127.0.0.1:29092,127.0.0.1:39092,127.0.0.1:9092";

    private readonly Option<string> _servers = new("--bootstrap-server", "-b")
    {
        Description = "Brokers to ask first, host:port, separated by commas (or KRAFTSHARP_BOOTSTRAP)",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("KRAFTSHARP_BOOTSTRAP") ?? DefaultServers,
        HelpName = "servers",
    };

    private readonly Option<int> _timeout = new("--timeout-ms")
    {
        Description = "How long the cluster may take to answer",
        DefaultValueFactory = _ => 10_000,
        HelpName = "ms",
    };

    public void AddTo(Command command)
    {
        command.Add(_servers);
        command.Add(_timeout);
    }

    public T Apply<T>(ParseResult arguments, T options)
        where T : ClientOptions => options with
        {
            BootstrapServers = arguments.GetValue(_servers)!,
            ApiTimeout = TimeSpan.FromMilliseconds(arguments.GetValue(_timeout)),
            ClientId = "kraftsharp-cli",
        };
}
