using System.Globalization;

namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs that a group may have (KIP-848, KIP-932, KIP-1071).</summary>
public static class GroupConfigs
{
    /// <summary>Configs whose bounds are broker configs: {kind}.min.{rest} and {kind}.max.{rest}.</summary>
    private static readonly (string Name, string Min, string Max)[] Bounded =
    [
        Bounds("consumer", "heartbeat.interval.ms"),
        Bounds("consumer", "session.timeout.ms"),
        Bounds("consumer", "assignment.interval.ms"),
        Bounds("share", "heartbeat.interval.ms"),
        Bounds("share", "session.timeout.ms"),
        Bounds("share", "assignment.interval.ms"),
        Bounds("share", "record.lock.duration.ms"),
        Bounds("share", "delivery.count.limit"),
        ("share.partition.max.record.locks", "group.share.min.partition.max.record.locks",
            "group.share.max.partition.max.record.locks"),
        Bounds("streams", "heartbeat.interval.ms"),
        Bounds("streams", "session.timeout.ms"),
        Bounds("streams", "assignment.interval.ms"),
    ];

    public static ConfigTable All { get; } = new(GroupConfigTable.Keys);

    /// <summary>Why a set of group configs is refused, in Kafka's words, or null.</summary>
    /// <param name="brokerInt">The value in force of a broker config.</param>
    public static string? Validate(IReadOnlyDictionary<string, string> configs, Func<string, int> brokerInt)
    {
        foreach (string name in configs.Keys)
        {
            if (!All.TryGet(name, out _))
            {
                return $"Unknown group config name: {name}";
            }
        }

        foreach ((string name, string value) in configs)
        {
            if (All[name].Check(value) is { } error)
            {
                return error;
            }
        }

        foreach ((string name, string minName, string maxName) in Bounded)
        {
            if (!configs.TryGetValue(name, out string? text))
            {
                continue;
            }

            int value = int.Parse(text.Trim(), CultureInfo.InvariantCulture);
            int min = brokerInt(minName);
            int max = brokerInt(maxName);
            if (value < min || value > max)
            {
                return $"{name} must be in the range {min} to {max} inclusive.";
            }
        }

        return CheckSessions(configs, brokerInt);
    }

    private static (string Name, string Min, string Max) Bounds(string kind, string rest) =>
        ($"{kind}.{rest}", $"group.{kind}.min.{rest}", $"group.{kind}.max.{rest}");

    // A session must outlast the pause between two heartbeats.
    private static string? CheckSessions(IReadOnlyDictionary<string, string> configs, Func<string, int> brokerInt)
    {
        foreach (string kind in new[] { "consumer", "share", "streams" })
        {
            string session = $"{kind}.session.timeout.ms";
            string heartbeat = $"{kind}.heartbeat.interval.ms";
            if (!configs.ContainsKey(session) && !configs.ContainsKey(heartbeat))
            {
                continue;
            }

            if (Value(session) <= Value(heartbeat))
            {
                return $"{session} must be greater than {heartbeat}";
            }

            int Value(string name) => configs.TryGetValue(name, out string? text)
                ? int.Parse(text.Trim(), CultureInfo.InvariantCulture)
                : brokerInt($"group.{name}");
        }

        return null;
    }
}
