using System.Collections.Immutable;
using System.Globalization;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>The configs of a streams group now.</summary>
internal readonly struct StreamsSettings(GroupConfigReader configs, string groupId)
{
    private const string StandbyReplicas = "num.standby.replicas";
    private const string RackTags = "rack.aware.assignment.tags";

    public static ImmutableSortedDictionary<string, string> NoConfigs { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public int SessionTimeoutMs => configs.Int(groupId, "streams.session.timeout.ms");

    public int HeartbeatIntervalMs => configs.Int(groupId, "streams.heartbeat.interval.ms");

    public int AssignmentIntervalMs => configs.Int(groupId, "streams.assignment.interval.ms");

    public int InitialRebalanceDelayMs => configs.Int(groupId, "streams.initial.rebalance.delay.ms");

    public int TaskOffsetIntervalMs => configs.Int(groupId, "streams.task.offset.interval.ms");

    public long AcceptableRecoveryLag => configs.Long(groupId, "streams.acceptable.recovery.lag");

    /// <summary>Tags that members should have, so that copies of a task can be kept apart.</summary>
    public IReadOnlyList<string> RequiredTags => configs.List(groupId, "streams." + RackTags);

    /// <summary>What an assignment depends on; a change of it makes a new one.</summary>
    public ImmutableSortedDictionary<string, string> ForAssignment()
    {
        ImmutableSortedDictionary<string, string> chosen = NoConfigs.Add(
            StandbyReplicas,
            configs.Int(groupId, "streams." + StandbyReplicas).ToString(CultureInfo.InvariantCulture));
        IReadOnlyList<string> tags = RequiredTags;
        return tags.Count == 0 ? chosen : chosen.Add(RackTags, string.Join(",", tags));
    }

    public static int StandbyReplicasOf(ImmutableSortedDictionary<string, string> chosen) =>
        chosen.TryGetValue(StandbyReplicas, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
}
