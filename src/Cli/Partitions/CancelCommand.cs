using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Cli.Topics;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Partitions;

/// <summary><c>partitions cancel</c>: reassignments that go on are taken back.</summary>
internal static class CancelCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string[]> where = new("partitions")
        {
            Description = "topic (all its partitions), topic:3 or topic:0,1; all that move when left out",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Command command = new("cancel", "Cancel reassignments: the partitions get their former replicas") { where };
        command.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            IEnumerable<TopicPartition> partitions = context.Value(where) is { Length: > 0 } named
                ? await TopicLookup.PartitionsAsync(admin, named, cancellation)
                : (await admin.Partitions.ListReassignmentsAsync(partitions: null, cancellation)).Keys;
            ChangeLog changes = new();
            foreach ((TopicPartition partition, Outcome outcome) in await admin.Partitions.ReassignAsync(
                partitions.ToDictionary(partition => partition, IReadOnlyList<int>? (_) => null), cancellation))
            {
                changes.Add(outcome, $"{partition} stays where it was", ("partition", partition.ToString()));
            }

            return context.Finish(changes);
        });
        return command;
    }
}
