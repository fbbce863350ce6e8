using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Metadata;

namespace KRaftSharp.Cli.Cluster;

/// <summary><c>cluster</c>: the brokers, their folders, and forgetting one.</summary>
internal static class ClusterCommand
{
    public static Command Create(ClusterOptions options)
    {
        Command cluster = new("cluster", "The brokers and their folders")
        {
            Describe(options), LogDirs(options), Unregister(options),
        };
        options.AddTo(cluster);
        return cluster;
    }

    private static Command Describe(ClusterOptions options)
    {
        Command describe = new("describe", "Show the brokers");
        describe.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            ClusterDescription cluster = await admin.Cluster.DescribeAsync(includeFenced: true, cancellation);
            IReadOnlyList<TopicView> topics = await admin.Topics.ListAsync(includeInternal: true, cancellation);
            ILookup<int, PartitionView> led = topics.SelectMany(topic => topic.Partitions).ToLookup(
                partition => partition.LeaderId);
            Report brokers = new("broker", "address", "rack", "state", "leads", "replicas", "out of sync");
            foreach (BrokerNode broker in cluster.Brokers)
            {
                PartitionView[] copies = [.. topics.SelectMany(topic => topic.Partitions).Where(
                    partition => partition.Replicas.Contains(broker.Id))];
                int behind = copies.Count(partition => !partition.Isr.Contains(broker.Id));
                bool isFenced = cluster.Fenced.Contains(broker.Id);
                brokers.Add(
                    broker.Id, broker.Address.ToString(), broker.Rack,
                    Cell.Of(isFenced ? "fenced" : "active", isFenced ? "fenced" : "active").As(
                        isFenced ? Tone.Bad : Tone.Good),
                    led[broker.Id].Count(), copies.Length,
                    ((Cell)behind).As(behind > 0 ? Tone.Warning : Tone.Plain));
            }

            context.Screen.Show(new Page("cluster", cluster.ClusterId)
                .Fact("brokers", cluster.Brokers.Count)
                .Fact("topics", topics.Count)
                .Fact("partitions", topics.Sum(topic => topic.Partitions.Count))
                .Add("brokerStates", brokers));
            return 0;
        });
        return describe;
    }

    private static Command LogDirs(ClusterOptions options)
    {
        Option<int[]> brokers = new("--broker") { Description = "Only this broker; repeatable" };
        Option<bool> replicas = new("--replicas") { Description = "Every replica with its size" };
        Command dirs = new("log-dirs", "Show the brokers' log folders and what they hold") { brokers, replicas };
        dirs.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            IEnumerable<int> wanted = context.Value(brokers) is { Length: > 0 } given
                ? given
                : (await admin.Cluster.DescribeAsync(includeFenced: false, cancellation)).Brokers.Select(
                    broker => broker.Id);
            IReadOnlyDictionary<int, Outcome<IReadOnlyList<LogDirDescription>>> found =
                await admin.Logs.DescribeDirsAsync(wanted, cancellation);
            context.Screen.Show(context.Value(replicas) ? ReplicasOf(found) : DirsOf(found));
            return 0;
        });
        return dirs;
    }

    private static Report DirsOf(IReadOnlyDictionary<int, Outcome<IReadOnlyList<LogDirDescription>>> found)
    {
        Report report = new("broker", "folder", "state", "replicas", "size", "volume", "free");
        foreach ((int broker, Outcome<IReadOnlyList<LogDirDescription>> dirs) in found.OrderBy(pair => pair.Key))
        {
            foreach (LogDirDescription dir in dirs.Value)
            {
                string state = !dir.State.IsOk ? "offline" : dir.IsCordoned ? "cordoned" : "online";
                report.Add(
                    broker, dir.Path, Cell.Of(state, state).As(dir.State.IsOk ? Tone.Good : Tone.Bad),
                    dir.Replicas.Count, Cell.Bytes(dir.Replicas.Sum(replica => replica.SizeBytes)),
                    Cell.Bytes(dir.TotalBytes), Cell.Bytes(dir.UsableBytes));
            }
        }

        return report;
    }

    private static Report ReplicasOf(IReadOnlyDictionary<int, Outcome<IReadOnlyList<LogDirDescription>>> found)
    {
        Report report = new("broker", "partition", "size", "lag", "future", "folder");
        foreach ((int broker, Outcome<IReadOnlyList<LogDirDescription>> dirs) in found.OrderBy(pair => pair.Key))
        {
            foreach (LogDirDescription dir in dirs.Value)
            {
                foreach (LogDirReplica replica in dir.Replicas.OrderBy(
                    replica => replica.Partition.Topic, StringComparer.Ordinal).ThenBy(
                    replica => replica.Partition.Partition))
                {
                    report.Add(
                        broker, replica.Partition.ToString(), Cell.Bytes(replica.SizeBytes), replica.OffsetLag,
                        replica.IsFuture, dir.Path);
                }
            }
        }

        return report;
    }

    private static Command Unregister(ClusterOptions options)
    {
        Argument<int> node = new("node") { Description = "Node id" };
        Option<bool> isController = new("--controller") { Description = "A controller, not a broker" };
        Command unregister = new("unregister", "Forget a node that is gone for good") { node, isController };
        unregister.Run(options, async (context, cancellation) =>
        {
            int id = context.Required(node);
            await using KafkaAdmin admin = context.Admin();
            await (context.Value(isController)
                ? admin.Cluster.UnregisterControllerAsync(id, cancellation)
                : admin.Cluster.UnregisterBrokerAsync(id, cancellation));
            ChangeLog changes = new();
            changes.Done(
                $"{(context.Value(isController) ? "controller" : "broker")} {id} is forgotten", ("node", id));
            return context.Finish(changes);
        });
        return unregister;
    }
}
