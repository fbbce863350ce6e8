using System.CommandLine;
using KRaftSharp.Broker.Config;
using KRaftSharp.Log.Checkpoints;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Cli.Server;

/// <summary><c>storage info</c>: what the directories of a node say of themselves.</summary>
internal static class StorageInfoCommand
{
    public static Command Create()
    {
        ServerConfigOptions config = new();
        Command command = new("info", "Show how the directories of a node are formatted");
        config.AddTo(command);
        command.SetAction(arguments => Run(arguments, config));
        return command;
    }

    private static int Run(ParseResult arguments, ServerConfigOptions source)
    {
        try
        {
            NodeConfig config = source.Load(arguments);
            DiskStorage storage = new();
            bool isComplete = true;
            foreach (string directory in config.LogDirectories.Append(config.MetadataDirectory).Distinct())
            {
                MetaProperties? found = MetaProperties.Read(storage, directory);
                isComplete &= found is not null;
                Console.WriteLine(found is null
                    ? $"{directory}: not formatted"
                    : $"{directory}: node {found.NodeId}, cluster {found.ClusterId}, directory {found.DirectoryId}");
            }

            return isComplete ? 0 : 1;
        }
        catch (Exception error) when (error is NodeConfigException or StorageException or FormatException)
        {
            Console.Error.WriteLine($"kraftsharp storage info: {error.Message}");
            return 1;
        }
    }
}
