using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Metadata;

namespace KRaftSharp.Cli;

internal static class TopicsListCommand
{
    public static Command Create()
    {
        Option<bool> isInternal = new("--internal") { Description = "With the cluster's own topics" };
        ConnectionOptions connection = new();
        Command command = new("list", "List topics") { isInternal };
        connection.AddTo(command);
        command.Run(async (arguments, cancellation) =>
        {
            await using KafkaAdmin admin = KafkaAdmin.Create(connection.Apply(arguments, new ClientOptions()));
            Report report = new("topic", "partitions", "replication", "id");
            foreach (TopicView topic in await admin.ListTopicsAsync(arguments.GetValue(isInternal), cancellation))
            {
                int replication = topic.Partitions.Count > 0 ? topic.Partitions[0].Replicas.Count : 0;
                report.Add(topic.Name, $"{topic.Partitions.Count}", $"{replication}", $"{topic.Id}");
            }

            report.Print();
            return 0;
        });
        return command;
    }
}
