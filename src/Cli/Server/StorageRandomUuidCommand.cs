using System.CommandLine;
using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Cli.Server;

/// <summary><c>storage random-uuid</c>: an id for a new cluster.</summary>
internal static class StorageRandomUuidCommand
{
    public static Command Create()
    {
        Command command = new("random-uuid", "Print a random id");
        command.SetAction(_ => Console.WriteLine(new Prng((ulong)Random.Shared.NextInt64()).NextUuid()));
        return command;
    }
}
