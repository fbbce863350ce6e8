using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Topics;

internal static class TopicsAlterCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string> name = new("topic") { Description = "The topic's name" };
        Option<int?> partitions = new("--partitions", "-p") { Description = "Grow to so many" };
        Option<string[]> configs = new("--config", "-c") { Description = "Set a configuration, key=value; repeatable" };
        Option<string[]> deleted = new("--delete-config")
        {
            Description = "Back to the default; repeatable",
            HelpName = "key",
        };
        Option<bool> validateOnly = new("--validate-only") { Description = "Check, and change nothing" };
        Command command = new("alter", "Change a topic's configuration or number of partitions")
        {
            name, partitions, configs, deleted, validateOnly,
        };
        name.CompleteWith(Completions.Topics(options));
        command.Run(options, async (context, cancellation) =>
        {
            string topic = context.Required(name);
            bool checkOnly = context.Value(validateOnly);
            List<ConfigChange> changes =
            [
                .. KeyValueOption.Parse(context.Value(configs)).Select(
                    pair => ConfigChange.Set(pair.Key, pair.Value)),
                .. (context.Value(deleted) ?? []).Select(ConfigChange.Delete),
            ];
            int? count = context.Value(partitions);
            if (changes.Count == 0 && count is null)
            {
                throw new ArgumentException("nothing to change: give --partitions, --config or --delete-config");
            }

            await using KafkaAdmin admin = context.Admin();
            await TopicLookup.FindAsync(admin, [topic], cancellation);
            if (changes.Count > 0)
            {
                await admin.Configs.AlterAsync(ConfigResource.Topic(topic), changes, checkOnly, cancellation);
            }

            if (count is { } grown)
            {
                (await admin.Topics.CreatePartitionsAsync(
                    [new NewPartitions(topic, grown)], checkOnly, cancellation))[topic].ThrowIfFailed();
            }

            ChangeLog log = new();
            log.Done(
                checkOnly ? $"topic {topic} could be altered" : $"altered topic {topic}",
                ("topic", topic), ("altered", !checkOnly),
                ("configs", (string[])[.. changes.Select(change => change.Name)]),
                ("partitions", count is { } number ? number : Cell.None));
            return context.Finish(log);
        });
        return command;
    }
}
