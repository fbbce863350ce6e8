using System.CommandLine;
using System.Globalization;
using KRaftSharp.Cli.Output;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Cli.Configs;

/// <summary><c>configs</c>: configurations of topics, brokers, groups, loggers and client metrics.</summary>
internal static class ConfigsCommand
{
    private const string DefaultName = "default";

    private static readonly Dictionary<string, ConfigResourceType> Types = new()
    {
        ["topic"] = ConfigResourceType.Topic,
        ["broker"] = ConfigResourceType.Broker,
        ["group"] = ConfigResourceType.Group,
        ["broker-logger"] = ConfigResourceType.BrokerLogger,
        ["client-metrics"] = ConfigResourceType.ClientMetrics,
    };

    public static Command Create(ClusterOptions options)
    {
        Command configs = new("configs", "Configurations of topics, brokers, groups, loggers and client metrics")
        {
            Describe(options), Alter(options), List(options),
        };
        options.AddTo(configs);
        return configs;
    }

    private static Command Describe(ClusterOptions options)
    {
        Argument<string> type = TypeArgument();
        Argument<string> name = NameArgument();
        Option<bool> all = new("--all") { Description = "Keys that nobody has set, too" };
        Option<bool> documentation = new("--docs") { Description = "What each key means" };
        Option<string[]> keys = new("--key", "-k") { Description = "Only this key; repeatable" };
        Command describe = new("describe", "Show a configuration") { type, name, all, documentation, keys };
        describe.Run(options, async (context, cancellation) =>
        {
            ConfigResource resource = Resource(context.Required(type), context.Required(name));
            string[]? wanted = context.Value(keys) is { Length: > 0 } given ? given : null;
            bool withDocs = context.Value(documentation);
            await using KafkaAdmin admin = context.Admin();
            IReadOnlyList<ConfigEntry> entries = (await admin.Configs.DescribeAsync(
                [resource], new ConfigDetail { Keys = wanted, Synonyms = true, Documentation = withDocs },
                cancellation))[resource].Value;
            Report report = new(withDocs
                ? ["key", "value", "source", "read only", "documentation"]
                : ["key", "value", "source", "read only"])
            {
                Empty = "nothing is set; --all shows the defaults",
            };
            foreach (ConfigEntry entry in entries.Where(
                entry => wanted is not null || context.Value(all) || IsSetFor(resource, entry)))
            {
                Cell[] cells =
                [
                    entry.Name, entry.IsSensitive ? Cell.Of("", "(secret)").As(Tone.Dim) : entry.Value,
                    SourceOf(entry.Source).As(entry.IsDefault ? Tone.Dim : Tone.Plain), entry.IsReadOnly,
                ];
                report.Add(withDocs ? [.. cells, entry.Documentation] : cells);
            }

            context.Screen.Show(report);
            return 0;
        });
        return describe;
    }

    private static Command Alter(ClusterOptions options)
    {
        Argument<string> type = TypeArgument();
        Argument<string> name = NameArgument();
        Option<string[]> set = new("--set", "-s") { Description = "key=value; repeatable" };
        Option<string[]> delete = new("--delete", "-d")
        {
            Description = "Back to the default; repeatable",
            HelpName = "key",
        };
        Option<string[]> append = new("--append") { Description = "Add to a list, key=value; repeatable" };
        Option<string[]> subtract = new("--subtract") { Description = "Take from a list, key=value; repeatable" };
        Option<bool> dryRun = new("--dry-run") { Description = "Check, and change nothing" };
        Command alter = new("alter", "Change a configuration") { type, name, set, delete, append, subtract, dryRun };
        alter.Run(options, async (context, cancellation) =>
        {
            ConfigResource resource = Resource(context.Required(type), context.Required(name));
            ConfigChange[] changes =
            [
                .. Parse(context.Value(set), ConfigOperation.Set),
                .. (context.Value(delete) ?? []).Select(ConfigChange.Delete),
                .. Parse(context.Value(append), ConfigOperation.Append),
                .. Parse(context.Value(subtract), ConfigOperation.Subtract),
            ];
            if (changes.Length == 0)
            {
                throw new ArgumentException("nothing to change: give --set, --delete, --append or --subtract");
            }

            bool checkOnly = context.Value(dryRun);
            await using KafkaAdmin admin = context.Admin();
            await admin.Configs.AlterAsync(resource, changes, checkOnly, cancellation);
            ChangeLog log = new();
            foreach (ConfigChange change in changes)
            {
                string what = change.Operation == ConfigOperation.Delete
                    ? $"{change.Name} back to its default"
                    : $"{change.Name} {change.Operation.ToString().ToLowerInvariant()} {change.Value}";
                log.Done(
                    checkOnly ? $"{what}: allowed" : what, ("key", change.Name), ("value", change.Value),
                    ("operation", change.Operation.ToString().ToLowerInvariant()), ("altered", !checkOnly));
            }

            return context.Finish(log);
        });
        return alter;
    }

    private static Command List(ClusterOptions options)
    {
        Option<string[]> types = new("--type") { Description = "Only this type; repeatable" };
        types.AcceptOnlyFromAmong([.. Types.Keys]);
        Command list = new("list", "List what has a configuration of its own") { types };
        list.Run(options, async (context, cancellation) =>
        {
            await using KafkaAdmin admin = context.Admin();
            Report report = new("type", "name");
            foreach (ConfigResource resource in await admin.Configs.ListResourcesAsync(
                context.Value(types)?.Select(type => Types[type]), cancellation))
            {
                report.Add(
                    Types.FirstOrDefault(pair => pair.Value == resource.Type).Key ?? resource.Type.ToString(),
                    resource.Name.Length == 0 ? DefaultName : resource.Name);
            }

            context.Screen.Show(report);
            return 0;
        });
        return list;
    }

    private static Argument<string> TypeArgument()
    {
        Argument<string> type = new("type") { Description = string.Join(", ", Types.Keys) };
        type.AcceptOnlyFromAmong([.. Types.Keys]);
        return type;
    }

    private static Argument<string> NameArgument() => new("name")
    {
        Description = "Topic, group, metrics subscription, or node id; 'default' for what all brokers have",
    };

    private static ConfigResource Resource(string type, string name) => Types[type] switch
    {
        ConfigResourceType.Broker when name == DefaultName => ConfigResource.AllBrokers,
        ConfigResourceType.Broker or ConfigResourceType.BrokerLogger when !int.TryParse(
            name, NumberStyles.None, CultureInfo.InvariantCulture, out _) =>
            throw new ArgumentException($"a broker has a number, or is 'default', not '{name}'"),
        var known => new ConfigResource(known, name),
    };

    private static IEnumerable<ConfigChange> Parse(string[]? pairs, ConfigOperation operation) =>
        KeyValueOption.Parse(pairs).Select(pair => new ConfigChange(pair.Key, operation, pair.Value));

    // What belongs to the resource itself, not to something above it.
    private static bool IsSetFor(ConfigResource resource, ConfigEntry entry) => resource.Type switch
    {
        ConfigResourceType.Broker => entry.Source is 2 or 3 or 4,
        ConfigResourceType.Topic => entry.Source == 1,
        _ => !entry.IsDefault,
    };

    private static Cell SourceOf(sbyte source)
    {
        string name = source switch
        {
            1 => "topic",
            2 => "broker",
            3 => "all brokers",
            4 => "file",
            5 => "default",
            6 => "logger",
            7 => "client metrics",
            8 => "group",
            _ => "unknown",
        };
        return Cell.Of(name, name);
    }
}
