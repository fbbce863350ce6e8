using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Groups;

internal static class GroupsDeleteCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string[]> ids = new("group") { Description = "The groups' ids", Arity = ArgumentArity.OneOrMore };
        Command command = new("delete", "Delete groups without members, with their offsets") { ids };
        ids.CompleteWith(Completions.Groups(options));
        command.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            ChangeLog changes = new();
            foreach ((string id, Outcome outcome) in await admin.Groups.DeleteAsync(
                context.Required(ids), cancellation))
            {
                changes.Add(outcome, $"deleted group {id}", ("group", id));
            }

            return context.Finish(changes);
        });
        return command;
    }
}
