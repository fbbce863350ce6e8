using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Metadata;

namespace KRaftSharp.Cli.Topics;

internal static class TopicsDescribeCommand
{
    private const sbyte SetOnTopic = 1;

    public static Command Create(ClusterOptions options)
    {
        Argument<string[]> names = new("topic")
        {
            Description = "The topics' names; all when left out",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<bool> all = new("--all-configs") { Description = "Configurations that nobody has set, too" };
        Command command = new("describe", "Show topics with their partitions and configurations") { names, all };
        names.CompleteWith(Completions.Topics(options));
        command.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            string[] wanted = context.Value(names) ?? [];
            IReadOnlyList<TopicView> topics = wanted.Length == 0
                ? await admin.Topics.ListAsync(includeInternal: false, cancellation)
                : await TopicLookup.FindAsync(admin, wanted, cancellation);
            IReadOnlyDictionary<ConfigResource, Outcome<IReadOnlyList<ConfigEntry>>> configs =
                await admin.Configs.DescribeAsync(
                    topics.Select(topic => ConfigResource.Topic(topic.Name)), new ConfigDetail(), cancellation);
            context.Screen.Show([.. topics.Select(topic => Describe(
                topic, configs[ConfigResource.Topic(topic.Name)].Value, context.Value(all)))]);
            return 0;
        });
        return command;
    }

    private static Page Describe(TopicView topic, IReadOnlyList<ConfigEntry> configs, bool all)
    {
        Report partitions = new("partition", "leader", "epoch", "replicas", "in sync", "offline");
        foreach (PartitionView partition in topic.Partitions)
        {
            bool isBehind = partition.Isr.Count < partition.Replicas.Count;
            partitions.Add(
                partition.Index,
                partition.LeaderId < 0 ? Cell.Of("none", "none").As(Tone.Bad) : partition.LeaderId,
                partition.LeaderEpoch, Cell.Ids(partition.Replicas),
                Cell.Ids(partition.Isr).As(isBehind ? Tone.Warning : Tone.Good),
                Cell.Ids(partition.Offline).As(partition.Offline.Count > 0 ? Tone.Bad : Tone.Dim));
        }

        return new Page("topic", topic.Name)
            .Fact("id", topic.Id)
            .Fact("partitions", topic.Partitions.Count)
            .Fact("replication factor", topic.Partitions.Count > 0 ? topic.Partitions[0].Replicas.Count : 0)
            .Add("configs", configs.Where(config => all || config.Source == SetOnTopic).Select(
                config => KeyValuePair.Create(config.Name, config.Value)))
            .Add("partitionStates", partitions);
    }
}
