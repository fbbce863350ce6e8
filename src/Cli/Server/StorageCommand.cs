using System.CommandLine;

namespace KRaftSharp.Cli.Server;

/// <summary><c>storage</c>: the directories of a node before it starts.</summary>
internal static class StorageCommand
{
    public static Command Create() => new("storage", "Prepare and look at a node's directories")
    {
        StorageFormatCommand.Create(),
        StorageInfoCommand.Create(),
        StorageRandomUuidCommand.Create(),
    };
}
