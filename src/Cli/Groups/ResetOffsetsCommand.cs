using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Cli.Topics;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli.Groups;

/// <summary><c>groups reset-offsets</c>: shows where a group would go on, and with <c>--execute</c> lets it.</summary>
internal sealed class ResetOffsetsCommand
{
    private readonly Argument<string> _group = new("group") { Description = "The group's id" };

    private readonly Argument<string[]> _where = new("partitions")
    {
        Description = "topic (all its partitions), topic:3 or topic:0,1; left out: all that the group has offsets for",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _execute = new("--execute") { Description = "Do it; else it is only shown" };

    private readonly OffsetTargetOptions _target = new();

    public static Command Create(ClusterOptions options)
    {
        ResetOffsetsCommand reset = new();
        Command command = new("reset-offsets", "Let a group without members go on elsewhere; a dry run by default")
        {
            reset._group, reset._where, reset._execute,
        };
        reset._target.AddTo(command);
        reset._group.CompleteWith(Completions.Groups(options));
        command.Run(options, reset.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ToolContext context, CancellationToken cancellation)
    {
        string group = context.Required(_group);
        await using KafkaAdmin admin = context.Admin();
        bool isShare = (await admin.Groups.ListAsync(cancellation: cancellation)).Any(
            one => one.Id == group && one.Type == GroupType.Share);
        Dictionary<TopicPartition, long> current = await CurrentAsync(admin, group, isShare, cancellation);
        string[] named = context.Value(_where) ?? [];
        List<TopicPartition> partitions = named.Length > 0
            ? await TopicLookup.PartitionsAsync(admin, named, cancellation)
            : [.. current.Keys];
        Dictionary<TopicPartition, long> target = await _target.ResolveAsync(
            context, admin, partitions, current, cancellation);
        if (target.Count == 0)
        {
            throw new ToolException(
                $"group '{group}' has no offsets to reset", "name topics behind the group, or check its id with "
                + "'kraftsharp groups list'", ErrorCode.GroupIdNotFound);
        }

        bool execute = context.Value(_execute);
        IReadOnlyDictionary<TopicPartition, Outcome>? outcomes = execute
            ? await ApplyAsync(admin, group, isShare, target, cancellation)
            : null;
        return Print(context, current, target, outcomes);
    }

    private static async Task<Dictionary<TopicPartition, long>> CurrentAsync(
        KafkaAdmin admin, string group, bool isShare, CancellationToken cancellation) => isShare
            ? (await admin.ShareGroups.ListOffsetsAsync(group, partitions: null, cancellation))
                .Where(pair => pair.Value.IsOk && pair.Value.Value.StartOffset >= 0)
                .ToDictionary(pair => pair.Key, pair => pair.Value.Value.StartOffset)
            : (await admin.Groups.ListOffsetsAsync(group, partitions: null, requireStable: false, cancellation))
                .ToDictionary(pair => pair.Key, pair => pair.Value.Offset);

    private static Task<IReadOnlyDictionary<TopicPartition, Outcome>> ApplyAsync(
        KafkaAdmin admin, string group, bool isShare, Dictionary<TopicPartition, long> target,
        CancellationToken cancellation) => isShare
            ? admin.ShareGroups.AlterOffsetsAsync(group, target, cancellation)
            : admin.Groups.AlterOffsetsAsync(
                group, target.ToDictionary(pair => pair.Key, pair => new OffsetAndMetadata(pair.Value)), cancellation);

    private static int Print(
        ToolContext context, Dictionary<TopicPartition, long> current, Dictionary<TopicPartition, long> target,
        IReadOnlyDictionary<TopicPartition, Outcome>? outcomes)
    {
        Report report = new("topic", "partition", "from", "to", "moves", "done");
        foreach ((TopicPartition partition, long offset) in target.OrderBy(
            pair => pair.Key.Topic, StringComparer.Ordinal).ThenBy(pair => pair.Key.Partition))
        {
            Outcome? outcome = outcomes?[partition];
            report.Add(
                partition.Topic, partition.Partition,
                current.TryGetValue(partition, out long from) ? from : Cell.None, offset,
                current.ContainsKey(partition) ? offset - from : Cell.None,
                outcome is null
                    ? ((Cell)false).As(Tone.Dim)
                    : ((Cell)outcome.IsOk).As(outcome.IsOk ? Tone.Good : Tone.Bad));
        }

        context.Screen.Show(report);
        if (outcomes is null)
        {
            context.Complain("nothing was changed: add --execute to do it");
        }

        if (outcomes?.Values.FirstOrDefault(outcome => !outcome.IsOk) is { } failed)
        {
            throw new KafkaException(failed.Error, failed.Message);
        }

        return 0;
    }
}
