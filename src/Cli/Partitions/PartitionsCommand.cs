using System.CommandLine;

namespace KRaftSharp.Cli.Partitions;

/// <summary><c>partitions</c>: where they lie, who leads them, what they hold.</summary>
internal static class PartitionsCommand
{
    public static Command Create(ClusterOptions options)
    {
        Command partitions = new("partitions", "Move partitions, elect their leaders, look offsets up")
        {
            ReassignCommand.Create(options),
            MovesCommand.Create(options),
            CancelCommand.Create(options),
            ElectCommand.Create(options),
            OffsetsCommand.Create(options),
        };
        options.AddTo(partitions);
        return partitions;
    }
}
