using System.Collections.Immutable;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>A member of a streams group (a stream thread) as its records tell of it.</summary>
internal sealed record StreamsMember(string Id)
{
    /// <summary>The epoch of a static member that has left for a while.</summary>
    public const int LeftEpoch = -2;

    public static ImmutableSortedDictionary<string, string> NoTags { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    public int RebalanceTimeoutMs { get; init; } = -1;

    public int TopologyEpoch { get; init; } = -1;

    /// <summary>The process that the member is a thread of: members of one share their state stores.</summary>
    public string ProcessId { get; init; } = "";

    /// <summary>Where the process answers interactive queries; null where it does not.</summary>
    public StreamsEndpoint? Endpoint { get; init; }

    /// <summary>In order.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = NoTags;

    public int Epoch { get; init; }

    public int PreviousEpoch { get; init; }

    public StreamsMemberState State { get; init; } = StreamsMemberState.Stable;

    public HeldTasks Assigned { get; init; } = HeldTasks.Empty;

    public HeldTasks PendingRevocation { get; init; } = HeldTasks.Empty;

    public bool IsReconciledTo(int targetEpoch) => State == StreamsMemberState.Stable && Epoch == targetEpoch;

    /// <summary>Whether its metadata record would be the same.</summary>
    public bool HasSameMetadata(StreamsMember other) => InstanceId == other.InstanceId && ClientId == other.ClientId
        && ClientHost == other.ClientHost && RebalanceTimeoutMs == other.RebalanceTimeoutMs
        && Endpoint == other.Endpoint && MovesNothing(other);

    /// <summary>Whether nothing has changed that an assignment could depend on.</summary>
    public bool MovesNothing(StreamsMember other) => TopologyEpoch == other.TopologyEpoch && RackId == other.RackId
        && ProcessId == other.ProcessId && Tags.Count == other.Tags.Count && Tags.SequenceEqual(other.Tags);

    /// <summary>Whether its assignment record would be the same.</summary>
    public bool HasSameAssignment(StreamsMember other) => Epoch == other.Epoch
        && PreviousEpoch == other.PreviousEpoch && State == other.State && Assigned.Equals(other.Assigned)
        && PendingRevocation.Equals(other.PendingRevocation);
}
