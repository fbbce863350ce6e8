using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Metadata;

namespace KRaftSharp.Cli.Topics;

internal static class TopicsListCommand
{
    public static Command Create(ClusterOptions options)
    {
        Option<bool> isInternal = new("--internal") { Description = "With the cluster's own topics" };
        Option<bool> underReplicated = new("--under-replicated")
        {
            Description = "Only those with a replica that is out of sync or a partition without a leader",
        };
        Command command = new("list", "List topics") { isInternal, underReplicated };
        command.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            Report report = new("topic", "partitions", "replication", "id", "out of sync", "without leader")
            {
                Empty = "there are no topics",
            };
            foreach (TopicView topic in await admin.Topics.ListAsync(context.Value(isInternal), cancellation))
            {
                int replication = topic.Partitions.Count > 0 ? topic.Partitions[0].Replicas.Count : 0;
                int behind = topic.Partitions.Count(partition => partition.Isr.Count < partition.Replicas.Count);
                int leaderless = topic.Partitions.Count(partition => partition.LeaderId < 0);
                if (behind + leaderless > 0 || !context.Value(underReplicated))
                {
                    report.Add(
                        topic.Name, topic.Partitions.Count, replication, topic.Id,
                        ((Cell)behind).As(behind > 0 ? Tone.Warning : Tone.Dim),
                        ((Cell)leaderless).As(leaderless > 0 ? Tone.Bad : Tone.Dim));
                }
            }

            context.Screen.Show(report);
            return 0;
        });
        return command;
    }
}
