namespace KRaftSharp.Broker.Config;

/// <summary>What must hold between a broker's configs about groups.</summary>
internal static class GroupConfigRules
{
    private static readonly string[] Kinds = ["consumer", "share", "streams"];

    /// <summary>The first rule that is broken, in Kafka's words, with the values; null when none is.</summary>
    public static string? WhyInvalid(NodeConfig config)
    {
        foreach (string kind in Kinds)
        {
            string? wrong = Between(config, kind, "heartbeat.interval.ms")
                ?? Between(config, kind, "session.timeout.ms")
                ?? (Value(config, kind, "heartbeat.interval.ms") < Value(config, kind, "session.timeout.ms")
                    ? null
                    : $"group.{kind}.heartbeat.interval.ms must be less than group.{kind}.session.timeout.ms "
                        + $"({Value(config, kind, "heartbeat.interval.ms")}, "
                        + $"{Value(config, kind, "session.timeout.ms")})")
                ?? Between(config, kind, "assignment.interval.ms");
            if (wrong is not null)
            {
                return wrong;
            }
        }

        if (config.GetList("group.share.assignors") is { Count: not 1 } assignors)
        {
            return $"group.share.assignors must contain exactly one assignor, but found {assignors.Count}";
        }

        return Between(config, "share", "record.lock.duration.ms")
            ?? Between(config, "share", "delivery.count.limit")
            ?? Between(config, "share", "partition.max.record.locks")
            ?? AtMost(config, "group.streams.num.standby.replicas", "group.streams.max.standby.replicas")
            ?? AtMost(config, "group.streams.min.task.offset.interval.ms", "group.streams.task.offset.interval.ms")
            ?? AtMost(config, "group.streams.num.warmup.replicas", "group.streams.max.warmup.replicas");
    }

    /// <summary>group.{kind}.min.{rest} &lt;= group.{kind}.{rest} &lt;= group.{kind}.max.{rest}.</summary>
    private static string? Between(NodeConfig config, string kind, string rest) =>
        AtMost(config, $"group.{kind}.min.{rest}", $"group.{kind}.max.{rest}")
        ?? AtMost(config, $"group.{kind}.min.{rest}", $"group.{kind}.{rest}")
        ?? AtMost(config, $"group.{kind}.{rest}", $"group.{kind}.max.{rest}");

    private static string? AtMost(NodeConfig config, string smaller, string greater) =>
        config.GetLong(smaller) <= config.GetLong(greater)
            ? null
            : $"{greater} must be greater than or equal to {smaller} "
                + $"({config.GetLong(greater)}, {config.GetLong(smaller)})";

    private static long Value(NodeConfig config, string kind, string rest) => config.GetLong($"group.{kind}.{rest}");
}
