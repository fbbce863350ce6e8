using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli.Topics;

internal static class TopicsDeleteCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string[]> names = new("topic")
        {
            Description = "The topics' names",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> ifExists = new("--if-exists") { Description = "Succeed when there is no such topic" };
        Command command = new("delete", "Delete topics and all that is in them") { names, ifExists };
        names.CompleteWith(Completions.Topics(options));
        command.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            ChangeLog changes = new();
            foreach ((string name, Outcome outcome) in await admin.Topics.DeleteAsync(
                context.Required(names), cancellation))
            {
                if (outcome.Error == ErrorCode.UnknownTopicOrPartition && context.Value(ifExists))
                {
                    changes.Done($"there is no topic {name}", ("topic", name), ("deleted", false));
                }
                else
                {
                    changes.Add(outcome, $"deleted topic {name}", ("topic", name), ("deleted", outcome.IsOk));
                }
            }

            return context.Finish(changes);
        });
        return command;
    }
}
