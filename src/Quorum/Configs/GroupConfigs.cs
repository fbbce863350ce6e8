using System.Globalization;

namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs that a group may have (KIP-848, KIP-932, KIP-1071).</summary>
public static class GroupConfigs
{
    private const string AssignorName = "streams.assignor.name";
    private const string RackAwareTags = "streams.rack.aware.assignment.tags";
    private const string DeadLetterTopic = "errors.deadletterqueue.topic.name";

    /// <summary>Configs whose bounds are broker configs, either of which may be missing.</summary>
    private static readonly (string Name, string? Min, string? Max)[] Bounded =
    [
        Bounds("consumer", "heartbeat.interval.ms"),
        Bounds("consumer", "session.timeout.ms"),
        Bounds("consumer", "assignment.interval.ms"),
        Bounds("share", "heartbeat.interval.ms"),
        Bounds("share", "session.timeout.ms"),
        Bounds("share", "record.lock.duration.ms"),
        Bounds("share", "delivery.count.limit"),
        Bounds("share", "partition.max.record.locks"),
        Bounds("share", "assignment.interval.ms"),
        Bounds("streams", "heartbeat.interval.ms"),
        Bounds("streams", "session.timeout.ms"),
        ("streams.num.standby.replicas", null, "group.streams.max.standby.replicas"),
        Bounds("streams", "assignment.interval.ms"),
        ("streams.task.offset.interval.ms", "group.streams.min.task.offset.interval.ms", null),
        ("streams.num.warmup.replicas", null, "group.streams.max.warmup.replicas"),
    ];

    public static ConfigTable All { get; } = new(GroupConfigTable.Keys);

    /// <summary>Why a set of group configs is refused, in Kafka's words, or null.</summary>
    /// <param name="broker">The value in force of a broker config.</param>
    public static string? Validate(IReadOnlyDictionary<string, string> configs, Func<string, string?> broker)
    {
        foreach (string name in configs.Keys)
        {
            if (!All.TryGet(name, out _))
            {
                return $"Unknown group config name: {name}";
            }
        }

        if (configs.TryGetValue(RackAwareTags, out string? tags)
            && ConfigValue.ParseList(tags) is var keys && keys.Distinct(StringComparer.Ordinal).Count() != keys.Count)
        {
            return $"{RackAwareTags} must not contain duplicate tag keys.";
        }

        foreach ((string name, string value) in configs)
        {
            if (All[name].Check(value) is { } error)
            {
                return error;
            }
        }

        return CheckBounds(configs, broker) ?? CheckAssignor(configs, broker) ?? CheckSessions(configs, broker)
            ?? CheckDeadLetterTopic(configs);
    }

    /// <summary>A group's own value within what the broker allows now: the bounds may have moved since it was set.
    /// </summary>
    public static string Clamp(string name, string value, Func<string, string?> broker)
    {
        foreach ((string bounded, string? min, string? max) in Bounded)
        {
            if (bounded != name)
            {
                continue;
            }

            int number = Number(value);
            number = min is null ? number : Math.Max(number, Number(broker(min)!));
            number = max is null ? number : Math.Min(number, Number(broker(max)!));
            return number.ToString(CultureInfo.InvariantCulture);
        }

        return value;
    }

    private static (string Name, string? Min, string? Max) Bounds(string kind, string rest) =>
        ($"{kind}.{rest}", $"group.{kind}.min.{rest}", $"group.{kind}.max.{rest}");

    private static int Number(string text) => int.Parse(text.Trim(), CultureInfo.InvariantCulture);

    private static string? CheckBounds(IReadOnlyDictionary<string, string> configs, Func<string, string?> broker)
    {
        foreach ((string name, string? minName, string? maxName) in Bounded)
        {
            if (!configs.TryGetValue(name, out string? text))
            {
                continue;
            }

            int value = Number(text);
            int min = minName is null ? int.MinValue : Number(broker(minName)!);
            int max = maxName is null ? int.MaxValue : Number(broker(maxName)!);
            if (value < min || value > max)
            {
                return (minName, maxName) switch
                {
                    (null, _) => $"{name} must be less than or equal to {max}",
                    (_, null) => $"{name} must be greater than or equal to {min}",
                    _ => $"{name} must be in the range {min} to {max} inclusive.",
                };
            }
        }

        return null;
    }

    private static string? CheckAssignor(IReadOnlyDictionary<string, string> configs, Func<string, string?> broker)
    {
        IReadOnlyList<string> known = ConfigValue.ParseList(broker("group.streams.assignors") ?? "");
        return configs.TryGetValue(AssignorName, out string? name) && !known.Contains(name)
            ? $"{AssignorName} '{name}' is not a registered task assignor. Registered assignors are: "
                + $"[{string.Join(", ", known)}]."
            : null;
    }

    // A session must outlast the pause between two heartbeats.
    private static string? CheckSessions(IReadOnlyDictionary<string, string> configs, Func<string, string?> broker)
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

            int Value(string name) => Number(configs.GetValueOrDefault(name) ?? broker($"group.{name}")!);
        }

        return null;
    }

    private static string? CheckDeadLetterTopic(IReadOnlyDictionary<string, string> configs) =>
        configs.TryGetValue(DeadLetterTopic, out string? topic) && topic.StartsWith("__", StringComparison.Ordinal)
            ? $"{DeadLetterTopic}: DLQ topic name must not start with '__'"
            : null;
}
