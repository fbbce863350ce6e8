using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Cli.Topics;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli.Partitions;

/// <summary><c>partitions reassign</c>: plans where replicas shall lie, and with <c>--execute</c> moves them.</summary>
internal sealed class ReassignCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly Argument<string[]> _where = new("partitions")
    {
        Description = "topic (all its partitions), topic:3 or topic:0,1; all topics when left out",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _brokers = new("--brokers")
    {
        Description = "The brokers that shall hold them, such as 1,2,3; all live ones when left out",
    };

    private readonly Option<int?> _replication = new("--replication-factor", "-r")
    {
        Description = "Copies of each; as many as there are when left out",
    };

    private readonly Option<FileInfo?> _plan = new("--plan")
    {
        Description = "A plan in Kafka's JSON, such as --output json prints, instead of a new one",
    };

    private readonly Option<bool> _execute = new("--execute") { Description = "Do it; else it is only shown" };

    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return while replicas are still filled" };

    public static Command Create(ClusterOptions options)
    {
        ReassignCommand reassign = new();
        Command command = new("reassign", "Spread replicas over brokers; a dry run by default")
        {
            reassign._where, reassign._brokers, reassign._replication, reassign._plan, reassign._execute,
            reassign._noWait,
        };
        reassign._where.CompleteWith(Completions.Topics(options));
        command.Run(options, reassign.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ToolContext context, CancellationToken cancellation)
    {
        await using KafkaAdmin admin = context.Admin();
        (Dictionary<TopicPartition, IReadOnlyList<int>> plan, Dictionary<TopicPartition, IReadOnlyList<int>> current) =
            context.Value(_plan) is { } file
                ? await ReadPlanAsync(admin, file, cancellation)
                : await MakePlanAsync(context, admin, cancellation);
        Dictionary<TopicPartition, IReadOnlyList<int>?> changes = plan.Where(
            pair => !pair.Value.SequenceEqual(current[pair.Key])).ToDictionary(
            pair => pair.Key, IReadOnlyList<int>? (pair) => pair.Value);
        context.Screen.Show(ReassignmentPlan.Show(plan, current));
        if (!context.Value(_execute))
        {
            context.Complain(changes.Count == 0
                ? "nothing is to be moved"
                : $"nothing was changed: add --execute to move {changes.Count} partitions");
            return 0;
        }

        if (changes.Count == 0)
        {
            return 0;
        }

        foreach ((TopicPartition partition, Outcome outcome) in await admin.Partitions.ReassignAsync(
            changes, cancellation))
        {
            if (!outcome.IsOk)
            {
                throw new KafkaException(outcome.Error, $"{partition}: {outcome.Text}");
            }
        }

        if (!context.Value(_noWait))
        {
            await WaitAsync(context, admin, changes.Keys, cancellation);
        }

        context.Complain(context.Value(_noWait)
            ? $"{changes.Count} partitions are on their way: 'kraftsharp partitions moves' shows them"
            : $"{changes.Count} partitions are where they shall be");
        return 0;
    }

    private async Task<(Dictionary<TopicPartition, IReadOnlyList<int>> Plan,
        Dictionary<TopicPartition, IReadOnlyList<int>> Current)> MakePlanAsync(
        ToolContext context, KafkaAdmin admin, CancellationToken cancellation)
    {
        ClusterDescription cluster = await admin.Cluster.DescribeAsync(includeFenced: false, cancellation);
        int[] wanted = context.Value(_brokers) is { } list
            ? [.. list.Split(',', StringSplitOptions.TrimEntries).Select(ParseBroker)]
            : [.. cluster.Brokers.Select(broker => broker.Id)];
        if (wanted.Except(cluster.Brokers.Select(broker => broker.Id)).ToArray() is { Length: > 0 } unknown)
        {
            throw new ToolException(
                $"there is no broker {string.Join(", ", unknown)}", "'kraftsharp cluster describe' shows the brokers",
                ErrorCode.BrokerNotAvailable);
        }

        string[] where = context.Value(_where) is { Length: > 0 } named
            ? named
            : [.. (await admin.Topics.ListAsync(includeInternal: false, cancellation)).Select(topic => topic.Name)];
        Dictionary<TopicPartition, IReadOnlyList<int>> current = await ReplicasAsync(
            admin, await TopicLookup.PartitionsAsync(admin, where, cancellation), cancellation);
        ReassignmentPlanner planner = new(cluster.Brokers.Where(broker => wanted.Contains(broker.Id)).ToDictionary(
            broker => broker.Id, broker => broker.Rack));
        return (planner.Plan(current, context.Value(_replication)), current);
    }

    private static async Task<(Dictionary<TopicPartition, IReadOnlyList<int>> Plan,
        Dictionary<TopicPartition, IReadOnlyList<int>> Current)> ReadPlanAsync(
        KafkaAdmin admin, FileInfo file, CancellationToken cancellation)
    {
        Dictionary<TopicPartition, IReadOnlyList<int>> plan = await ReassignmentPlan.ReadAsync(file, cancellation);
        List<TopicPartition> known = await TopicLookup.PartitionsAsync(
            admin, plan.Keys.Select(partition => $"{partition.Topic}:{partition.Partition}"), cancellation);
        return (plan, await ReplicasAsync(admin, known, cancellation));
    }

    private static async Task<Dictionary<TopicPartition, IReadOnlyList<int>>> ReplicasAsync(
        KafkaAdmin admin, IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation)
    {
        Dictionary<string, TopicView> topics = (await TopicLookup.FindAsync(
            admin, [.. partitions.Select(partition => partition.Topic).Distinct()], cancellation)).ToDictionary(
            topic => topic.Name);
        return partitions.ToDictionary(
            partition => partition, partition => topics[partition.Topic].Partitions[partition.Partition].Replicas);
    }

    private static async Task WaitAsync(
        ToolContext context, KafkaAdmin admin, IReadOnlyCollection<TopicPartition> moved,
        CancellationToken cancellation)
    {
        using ProgressLine progress = new(context.Configuration);
        while (true)
        {
            int left = (await admin.Partitions.ListReassignmentsAsync(moved, cancellation)).Count;
            progress.Update(moved.Count - left, moved.Count, $"{moved.Count - left} of {moved.Count} partitions moved");
            if (left == 0)
            {
                return;
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    private static int ParseBroker(string text) => int.TryParse(text, out int id)
        ? id
        : throw new ArgumentException($"--brokers is a list of node ids such as 1,2,3, not '{text}'");
}
