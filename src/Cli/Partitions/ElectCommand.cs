using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Cli.Topics;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli.Partitions;

/// <summary><c>partitions elect</c>: leaders go to the preferred replicas, or to any that lives.</summary>
internal static class ElectCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string[]> where = new("partitions")
        {
            Description = "topic (all its partitions), topic:3 or topic:0,1; all that need it when left out",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<bool> unclean = new("--unclean")
        {
            Description = "Where no replica in sync is left, any that lives: acknowledged records may be lost",
        };
        Command command = new("elect", "Elect leaders: the preferred replica where it is in sync") { where, unclean };
        where.CompleteWith(Completions.Topics(options));
        command.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            List<TopicPartition>? partitions = context.Value(where) is { Length: > 0 } named
                ? await TopicLookup.PartitionsAsync(admin, named, cancellation)
                : null;
            IReadOnlyDictionary<TopicPartition, Outcome> outcomes = await admin.Partitions.ElectLeadersAsync(
                context.Value(unclean) ? ElectionType.Unclean : ElectionType.Preferred, partitions, cancellation);
            ChangeLog changes = new();
            foreach ((TopicPartition partition, Outcome outcome) in outcomes.OrderBy(
                pair => pair.Key.Topic, StringComparer.Ordinal).ThenBy(pair => pair.Key.Partition))
            {
                bool isNeedless = outcome.Error == ErrorCode.ElectionNotNeeded;
                changes.Add(
                    isNeedless ? Outcome.Ok : outcome,
                    isNeedless ? $"{partition}: its leader is the right one" : $"{partition}: a leader was elected",
                    ("partition", partition.ToString()), ("elected", outcome.IsOk));
            }

            if (outcomes.Count == 0)
            {
                context.Screen.Remark("no partition needs an election");
            }

            return context.Finish(changes);
        });
        return command;
    }
}
