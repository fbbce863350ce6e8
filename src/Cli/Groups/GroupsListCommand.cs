using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Groups;

internal static class GroupsListCommand
{
    public static Command Create(ClusterOptions options)
    {
        Option<string[]> states = new("--state") { Description = "Only those in this state; repeatable" };
        Option<GroupType[]> types = new("--type")
        {
            Description = "Only those of this type: classic, consumer, share, streams; repeatable",
        };
        Command command = new("list", "List groups") { states, types };
        command.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            Report report = new("group", "type", "state", "protocol", "coordinator") { Empty = "there are no groups" };
            foreach (GroupListing group in await admin.Groups.ListAsync(
                context.Value(states), context.Value(types), cancellation))
            {
                report.Add(
                    group.Id, group.Type.ToString().ToLowerInvariant(), GroupStates.Of(group.State), group.Protocol,
                    group.CoordinatorId);
            }

            context.Screen.Show(report);
            return 0;
        });
        return command;
    }
}
