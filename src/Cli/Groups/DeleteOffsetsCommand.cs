using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Cli.Topics;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Groups;

internal static class DeleteOffsetsCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string> id = new("group") { Description = "The group's id" };
        Argument<string[]> where = new("partitions")
        {
            Description = "topic (all its partitions), topic:3 or topic:0,1",
            Arity = ArgumentArity.OneOrMore,
        };
        Command command = new("delete-offsets", "Forget what a group has committed for some partitions") { id, where };
        id.CompleteWith(Completions.Groups(options));
        command.Run(options, async (context, cancellation) =>
        {
            string group = context.Required(id);
            await using KafkaAdmin admin = context.Admin();
            List<TopicPartition> partitions = await TopicLookup.PartitionsAsync(
                admin, context.Required(where), cancellation);
            ChangeLog changes = new();
            foreach ((TopicPartition partition, Outcome outcome) in await admin.Groups.DeleteOffsetsAsync(
                group, partitions, cancellation))
            {
                changes.Add(
                    outcome, $"group {group} has no offset for {partition}", ("partition", partition.ToString()),
                    ("group", group));
            }

            return context.Finish(changes);
        });
        return command;
    }
}
