using System.CommandLine;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli.Topics;

internal static class TopicsCreateCommand
{
    public static Command Create(ClusterOptions options)
    {
        Argument<string[]> names = new("topic")
        {
            Description = "The topics' names",
            Arity = ArgumentArity.OneOrMore,
        };
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
        Command command = new("create", "Create topics")
        {
            names, partitions, replication, configs, ifNotExists, validateOnly,
        };
        command.Run(options, async (context, cancellation) =>
        {
            Dictionary<string, string> settings = KeyValueOption.Parse(context.Value(configs)).ToDictionary();
            bool checkOnly = context.Value(validateOnly);
            await using KafkaAdmin admin = context.Admin();
            IReadOnlyDictionary<string, Outcome<CreatedTopic>> outcomes = await admin.Topics.CreateAsync(
                context.Required(names).Distinct().Select(name => new NewTopic(name)
                {
                    Partitions = context.Value(partitions),
                    ReplicationFactor = context.Value(replication),
                    Configs = settings,
                }),
                checkOnly, cancellation);
            ChangeLog changes = new();
            foreach ((string name, Outcome<CreatedTopic> outcome) in outcomes)
            {
                if (outcome.Error == ErrorCode.TopicAlreadyExists && context.Value(ifNotExists))
                {
                    changes.Done($"topic {name} exists already", ("topic", name), ("created", false));
                    continue;
                }

                CreatedTopic created = outcome.IsOk ? outcome.Value : new CreatedTopic(name, Uuid.Zero, -1, -1);
                changes.Add(
                    outcome,
                    checkOnly
                        ? $"topic {name} could be created"
                        : $"created topic {name}: {created.Partitions} partitions, "
                            + $"replication factor {created.ReplicationFactor}, id {created.Id}",
                    ("topic", name), ("created", outcome.IsOk && !checkOnly), ("id", created.Id),
                    ("partitions", Cell.Known(created.Partitions)),
                    ("replication", Cell.Known(created.ReplicationFactor)));
            }

            return context.Finish(changes);
        });
        return command;
    }
}
