using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Configuration;
using KRaftSharp.Client.Producer;

namespace KRaftSharp.Cli;

/// <summary>The options of every command that talks to a cluster: which one, how long, in what form.</summary>
internal sealed class ClusterOptions
{
    // The three nodes of scripts/cluster.sh, then a single server.
    private const string DefaultServers = "127.0.0.1:19092,127.0.0.1:29092,127.0.0.1:39092,127.0.0.1:9092";

    private const string ServersKey = "bootstrap.servers";

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

    private readonly Option<FileInfo?> _config = new("--command-config")
    {
        Description = "A file of client properties as Kafka's tools take it, such as security.protocol",
        HelpName = "file",
        Recursive = true,
    };

    private readonly Option<OutputFormat> _format = new("--output")
    {
        Description = "text, or json for other programs",
        HelpName = "text|json",
        Recursive = true,
    };

    public ClusterOptions()
    {
        _format.CompletionSources.Clear(); // names of the enumeration, which would come twice
        _format.CompletionSources.Add("text", "json");
    }

    /// <summary>The command and all below it have them.</summary>
    public void AddTo(Command command)
    {
        command.Add(_servers);
        command.Add(_timeout);
        command.Add(_config);
        command.Add(_format);
    }

    public string ServersOf(ParseResult arguments) =>
        arguments.GetValue(_servers) ?? DefaultServers;

    public OutputFormat FormatOf(ParseResult arguments) => arguments.GetValue(_format);

    public T Apply<T>(ParseResult arguments, T options)
        where T : ClientOptions
    {
        int timeoutMs = arguments.GetValue(_timeout) is > 0 and var ms
            ? ms
            : throw new ArgumentException("--timeout-ms must be 1 or more");
        ClientOptions known = KnownFrom(arguments);
        return options with
        {
            BootstrapServers = known.BootstrapServers,
            ApiTimeout = TimeSpan.FromMilliseconds(timeoutMs),
            ClientId = known.ClientId,
            SecurityProtocol = known.SecurityProtocol,
            Tls = known.Tls,
            Sasl = known.Sasl,
        };
    }

    /// <summary>What the file of properties says; brokers that are named on the command line count more.</summary>
    private ClientOptions KnownFrom(ParseResult arguments)
    {
        Dictionary<string, string> properties = arguments.GetValue(_config) is { } file
            ? new(PropertyFile.Parse(File.ReadAllText(file.FullName)), StringComparer.Ordinal)
            : [];
        if (arguments.GetResult(_servers) is { Implicit: false } || !properties.ContainsKey(ServersKey))
        {
            properties[ServersKey] = ServersOf(arguments);
        }

        properties.TryAdd("client.id", "kraftsharp-cli");
        return ProducerOptions.FromProperties(properties);
    }
}
