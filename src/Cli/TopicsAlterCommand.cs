using System.CommandLine;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli;

internal static class TopicsAlterCommand
{
    public static Command Create()
    {
        Argument<string> name = new("topic") { Description = "The topic's name" };
        Option<int?> partitions = new("--partitions", "-p") { Description = "Grow to so many" };
        Option<string[]> configs = new("--config", "-c") { Description = "Set a configuration, key=value; repeatable" };
        Option<string[]> deleted = new("--delete-config")
        {
            Description = "Back to the default; repeatable",
            HelpName = "key",
        };
        ConnectionOptions connection = new();
        Command command = new("alter", "Change a topic's configuration or number of partitions")
        {
            name, partitions, configs, deleted,
        };
        connection.AddTo(command);
        command.Run(async (arguments, cancellation) =>
        {
            string topic = arguments.GetRequiredValue(name);
            List<ConfigChange> changes =
            [
                .. KeyValueOption.Parse(arguments.GetValue(configs)).Select(
                    pair => ConfigChange.Set(pair.Key, pair.Value)),
                .. (arguments.GetValue(deleted) ?? []).Select(ConfigChange.Delete),
            ];
            if (changes.Count == 0 && arguments.GetValue(partitions) is null)
            {
                throw new ArgumentException("nothing to change: give --partitions, --config or --delete-config");
            }

            await using KafkaAdmin admin = KafkaAdmin.Create(connection.Apply(arguments, new ClientOptions()));
            if (changes.Count > 0)
            {
                await admin.AlterConfigsAsync(
                    ConfigResource.Topic(topic), changes, validateOnly: false, cancellation);
            }

            if (arguments.GetValue(partitions) is { } count)
            {
                await admin.CreatePartitionsAsync(topic, count, cancellation);
            }

            Console.WriteLine($"altered topic {topic}");
            return 0;
        });
        return command;
    }
}
