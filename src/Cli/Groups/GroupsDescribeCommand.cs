using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli.Groups;

/// <summary><c>groups describe</c>: state, members and the lag of every partition.</summary>
internal static class GroupsDescribeCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string[]> ids = new("group")
        {
            Description = "The groups' ids; all when left out",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Command command = new("describe", "Show groups with their members and how far behind they are") { ids };
        ids.CompleteWith(Completions.Groups(options));
        command.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            string[] wanted = context.Value(ids) is { Length: > 0 } given
                ? given
                : [.. (await admin.Groups.ListAsync(cancellation: cancellation)).Select(group => group.Id)];
            IReadOnlyDictionary<string, Outcome<GroupDescription>> found = await admin.Groups.DescribeAsync(
                wanted, cancellation);
            List<Page> pages = [];
            foreach (string id in wanted.Distinct())
            {
                Outcome<GroupDescription> outcome = found[id];
                if (outcome.Error == ErrorCode.GroupIdNotFound)
                {
                    throw await UnknownAsync(admin, id, cancellation);
                }

                pages.Add(Describe(outcome.Value, await GroupLags.OfAsync(admin, outcome.Value, cancellation)));
            }

            context.Screen.Show(pages);
            return 0;
        });
        return command;
    }

    private static Page Describe(GroupDescription group, IReadOnlyList<GroupLag> lags)
    {
        Report offsets = new("topic", "partition", "committed", "log end", "lag", "member");
        foreach (GroupLag lag in lags)
        {
            offsets.Add(
                lag.Partition.Topic, lag.Partition.Partition, Cell.Known(lag.Committed), Cell.Known(lag.LogEnd),
                Cell.Known(lag.Lag).As(lag.Lag > 0 ? Tone.Warning : Tone.Good), lag.Member);
        }

        Report members = new("member", "client", "host", "instance", "epoch", "partitions");
        foreach (GroupMember member in group.Members.OrderBy(member => member.Id, StringComparer.Ordinal))
        {
            members.Add(
                member.Id, member.ClientId, member.Host, member.InstanceId, Cell.Known(member.Epoch),
                (string[])[.. member.Assignment.GroupBy(partition => partition.Topic).Select(
                    topic => $"{topic.Key}:{string.Join(',', topic.Select(one => one.Partition).Order())}")]);
        }

        return new Page("group", group.Id)
            .Fact("type", group.Type.ToString().ToLowerInvariant())
            .Fact("state", GroupStates.Of(group.State))
            .Fact("assignor", group.Assignor)
            .Fact("epoch", Cell.Known(group.Epoch))
            .Fact("members", group.Members.Count)
            .Fact("lag", lags.Sum(lag => Math.Max(lag.Lag, 0)))
            .Add("offsets", offsets)
            .Add("memberStates", members);
    }

    private static async Task<ToolException> UnknownAsync(KafkaAdmin admin, string id, CancellationToken cancellation)
    {
        IReadOnlyList<string> similar = Hints.Similar(
            id, (await admin.Groups.ListAsync(cancellation: cancellation)).Select(group => group.Id));
        return new ToolException(
            $"group '{id}' does not exist",
            similar.Count > 0
                ? $"did you mean '{string.Join("' or '", similar)}'?"
                : "'kraftsharp groups list' shows what there is",
            ErrorCode.GroupIdNotFound);
    }
}
