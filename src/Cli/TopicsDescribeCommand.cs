using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Metadata;

namespace KRaftSharp.Cli;

internal static class TopicsDescribeCommand
{
    public static Command Create()
    {
        Argument<string[]> names = new("topic")
        {
            Description = "The topics' names; all when left out",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<bool> all = new("--all-configs") { Description = "Configurations that nobody has set, too" };
        ConnectionOptions connection = new();
        Command command = new("describe", "Show topics with their partitions and configurations") { names, all };
        connection.AddTo(command);
        command.Run(async (arguments, cancellation) =>
        {
            await using KafkaAdmin admin = KafkaAdmin.Create(connection.Apply(arguments, new ClientOptions()));
            string[] wanted = arguments.GetValue(names) ?? [];
            IReadOnlyList<TopicView> topics = wanted.Length == 0
                ? await admin.ListTopicsAsync(includeInternal: false, cancellation)
                : await Task.WhenAll(wanted.Select(name => admin.DescribeTopicAsync(name, cancellation)));
            foreach (TopicView topic in topics)
            {
                IReadOnlyList<ConfigEntry> configs = await admin.DescribeConfigsAsync(
                    ConfigResource.Topic(topic.Name), cancellation);
                Print(topic, configs, arguments.GetValue(all));
            }

            return 0;
        });
        return command;
    }

    private static void Print(TopicView topic, IReadOnlyList<ConfigEntry> configs, bool all)
    {
        const sbyte setOnTopic = 1;
        int replication = topic.Partitions.Count > 0 ? topic.Partitions[0].Replicas.Count : 0;
        Console.WriteLine(
            $"topic {topic.Name}: id {topic.Id}, {topic.Partitions.Count} partitions, "
            + $"replication factor {replication}");
        foreach (ConfigEntry config in configs.Where(config => all || config.Source == setOnTopic))
        {
            Console.WriteLine($"  {config.Name}={config.Value}");
        }

        Report report = new("partition", "leader", "epoch", "replicas", "in sync", "offline");
        foreach (PartitionView partition in topic.Partitions)
        {
            report.Add(
                $"{partition.Index}", partition.LeaderId < 0 ? "none" : $"{partition.LeaderId}",
                $"{partition.LeaderEpoch}", Join(partition.Replicas), Join(partition.Isr), Join(partition.Offline));
        }

        report.Print();
    }

    private static string Join(IReadOnlyList<int> ids) => ids.Count == 0 ? "-" : string.Join(',', ids);
}
