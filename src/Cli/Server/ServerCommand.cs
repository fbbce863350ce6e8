using System.CommandLine;
using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Hosting;
using KRaftSharp.Log.Checkpoints;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Quorum.Controller;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Cli.Server;

/// <summary><c>server</c>: runs a node until SIGTERM or Ctrl+C.</summary>
internal static class ServerCommand
{
    private const string DefaultData = "data/server";

    public static Command Create()
    {
        ServerConfigOptions config = new();
        Option<DirectoryInfo?> data = new("--data")
        {
            Description = $"Without --config: where a single node keeps its data (default {DefaultData})",
            HelpName = "DIR",
        };
        Option<LogLevel> level = new("--log-level")
        {
            Description = "The least important messages to show",
            DefaultValueFactory = static _ => LogLevel.Information,
        };
        Command command = new("server", "Run a node; without --config a single one on 9092 that formats its own data")
        {
            data, level,
        };
        config.AddTo(command);
        command.SetAction((arguments, _) =>
            RunAsync(arguments, config, arguments.GetValue(data), arguments.GetValue(level)));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult arguments, ServerConfigOptions source, DirectoryInfo? data, LogLevel level)
    {
        NodeConfig config;
        try
        {
            if (source.HasFile(arguments))
            {
                config = source.Load(arguments);
            }
            else
            {
                config = source.Load(arguments, SingleNode(data?.FullName ?? Path.GetFullPath(DefaultData)));
                FormatIfNew(config);
            }
        }
        catch (Exception error) when (error is NodeConfigException or StorageException or FormatException)
        {
            await Console.Error.WriteLineAsync($"kraftsharp server: {error.Message}");
            return 1;
        }

        return await ServerRun.RunAsync(config, level);
    }

    private static Dictionary<string, string> SingleNode(string data) => new()
    {
        ["process.roles"] = "broker,controller",
        ["node.id"] = "1",
        ["controller.quorum.voters"] = "1@127.0.0.1:9093",
        ["listeners"] = "PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093",
        ["controller.listener.names"] = "CONTROLLER",
        ["kraftsharp.admin.listeners"] = "http://127.0.0.1:8080",
        ["log.dirs"] = data,
        ["offsets.topic.replication.factor"] = "1",
        ["transaction.state.log.replication.factor"] = "1",
        ["transaction.state.log.min.isr"] = "1",
        ["share.coordinator.state.topic.replication.factor"] = "1",
        ["share.coordinator.state.topic.min.isr"] = "1",
    };

    private static void FormatIfNew(NodeConfig config)
    {
        DiskStorage storage = new();
        if (MetaProperties.Read(storage, config.MetadataDirectory) is null)
        {
            string clusterId = new Prng((ulong)Random.Shared.NextInt64()).NextUuid().ToString();
            StorageFormatter.Format(storage, config, new StorageFormat(clusterId, Bootstrap.LatestProduction));
        }
    }
}
