using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Partitions;

/// <summary><c>partitions moves</c>: the reassignments that go on.</summary>
internal static class MovesCommand
{
    public static Command Create(ClusterOptions options)
    {
        Command command = new("moves", "List the reassignments that go on");
        command.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            Report report = new("topic", "partition", "replicas", "adding", "removing")
            {
                Empty = "no partition is being moved",
            };
            foreach ((TopicPartition partition, Reassignment move) in
                (await admin.Partitions.ListReassignmentsAsync(partitions: null, cancellation)).OrderBy(
                    pair => pair.Key.Topic, StringComparer.Ordinal).ThenBy(pair => pair.Key.Partition))
            {
                report.Add(
                    partition.Topic, partition.Partition, Cell.Ids(move.Replicas),
                    Cell.Ids(move.Adding).As(Tone.Good), Cell.Ids(move.Removing).As(Tone.Warning));
            }

            context.Screen.Show(report);
            return 0;
        });
        return command;
    }
}
