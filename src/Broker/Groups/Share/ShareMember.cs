using System.Collections.Immutable;
using KRaftSharp.Broker.Groups.Consumer;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>A member of a share group as its records tell of it.</summary>
internal sealed record ShareMember(string Id)
{
    /// <summary>The epoch with which a member leaves.</summary>
    public const int LeaveEpoch = -1;

    public string? RackId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    /// <summary>In order.</summary>
    public ImmutableSortedSet<string> Topics { get; init; } =
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public int Epoch { get; init; }

    public int PreviousEpoch { get; init; } = -1;

    public ImmutableSortedSet<TopicIdPartition> Assigned { get; init; } = [];

    /// <summary>Whether its metadata record would be the same.</summary>
    public bool HasSameMetadata(ShareMember other) => RackId == other.RackId && ClientId == other.ClientId
        && ClientHost == other.ClientHost && HasSameSubscription(other);

    public bool HasSameSubscription(ShareMember other) => Topics.SetEquals(other.Topics);

    /// <summary>Whether its assignment record would be the same.</summary>
    public bool HasSameAssignment(ShareMember other) => Epoch == other.Epoch
        && PreviousEpoch == other.PreviousEpoch && Assigned.SetEquals(other.Assigned);
}
