using System.CommandLine;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli;

internal static class TopicsCreateCommand
{
    public static Command Create()
    {
        Argument<string> name = new("topic") { Description = "The topic's name" };
        Option<int> partitions = new("--partitions", "-p")
        {
            Description = "How many; the broker's num.partitions when left out",
            DefaultValueFactory = _ => -1,
        };
        Option<short> replication = new("--replication-factor", "-r")
        {
            Description = "Copies of each; the broker's default.replication.factor when left out",
            DefaultValueFactory = _ => -1,
        };
        Option<string[]> configs = new("--config", "-c") { Description = "A configuration, key=value; repeatable" };
        Option<bool> ifNotExists = new("--if-not-exists") { Description = "Succeed when there is such a topic" };
        Option<bool> validateOnly = new("--validate-only") { Description = "Check, and create nothing" };
        ConnectionOptions connection = new();
        Command command = new("create", "Create a topic")
        {
            name, partitions, replication, configs, ifNotExists, validateOnly,
        };
        connection.AddTo(command);
        command.Run(async (arguments, cancellation) =>
        {
            NewTopic topic = new(arguments.GetRequiredValue(name))
            {
                Partitions = arguments.GetValue(partitions),
                ReplicationFactor = arguments.GetValue(replication),
                Configs = KeyValueOption.Parse(arguments.GetValue(configs)).ToDictionary(),
            };
            bool checkOnly = arguments.GetValue(validateOnly);
            await using KafkaAdmin admin = KafkaAdmin.Create(connection.Apply(arguments, new ClientOptions()));
            try
            {
                CreatedTopic created = await admin.CreateTopicAsync(topic, checkOnly, cancellation);
                Console.WriteLine(checkOnly
                    ? $"topic {created.Name} could be created"
                    : $"created topic {created.Name}: {created.Partitions} partitions, "
                        + $"replication factor {created.ReplicationFactor}, id {created.Id}");
            }
            catch (KafkaException error) when (error.Code == ErrorCode.TopicAlreadyExists
                && arguments.GetValue(ifNotExists))
            {
                Console.WriteLine($"topic {topic.Name} exists already");
            }

            return 0;
        });
        return command;
    }
}
