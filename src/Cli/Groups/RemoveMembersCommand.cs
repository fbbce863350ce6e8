using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Groups;

internal static class RemoveMembersCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string> id = new("group") { Description = "The group's id" };
        Option<string[]> members = new("--member") { Description = "A member's id; repeatable" };
        Option<string[]> instances = new("--instance")
        {
            Description = "A static member's group.instance.id; repeatable",
        };
        Option<string?> reason = new("--reason") { Description = "For the coordinator's log" };
        Command command = new("remove-members", "Send members of a classic group away, such as ones that hang")
        {
            id, members, instances, reason,
        };
        id.CompleteWith(Completions.Groups(options));
        command.Run(options, async (context, cancellation) =>
        {
            string group = context.Required(id);
            MemberToRemove[] wanted =
            [
                .. (context.Value(members) ?? []).Select(member => new MemberToRemove(member)),
                .. (context.Value(instances) ?? []).Select(instance => new MemberToRemove("", instance)),
            ];
            if (wanted.Length == 0)
            {
                throw new ArgumentException("say who: give --member or --instance");
            }

            await using KafkaAdmin admin = context.Admin();
            ChangeLog changes = new();
            foreach ((MemberToRemove member, Outcome outcome) in await admin.Groups.RemoveMembersAsync(
                group, wanted, context.Value(reason), cancellation))
            {
                string name = member.InstanceId ?? member.MemberId;
                changes.Add(outcome, $"removed {name} from group {group}", ("member", name), ("group", group));
            }

            return context.Finish(changes);
        });
        return command;
    }
}
