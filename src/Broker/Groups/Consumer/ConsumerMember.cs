using System.Collections.Immutable;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>A member of a consumer group as its records tell of it.</summary>
internal sealed record ConsumerMember(string Id)
{
    /// <summary>The epoch of a static member that has left for a while.</summary>
    public const int LeftEpoch = -2;

    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    /// <summary>In order.</summary>
    public ImmutableSortedSet<string> Topics { get; init; } =
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Empty for none.</summary>
    public string Regex { get; init; } = "";

    public int RebalanceTimeoutMs { get; init; } = -1;

    public string? ServerAssignor { get; init; }

    public int Epoch { get; init; }

    public int PreviousEpoch { get; init; }

    public MemberState State { get; init; }

    public ImmutableSortedSet<TopicIdPartition> Assigned { get; init; } = [];

    public ImmutableSortedSet<TopicIdPartition> PendingRevocation { get; init; } = [];

    /// <summary>The member epoch in which each partition of the two sets was given to it (KIP-1251).</summary>
    public ImmutableSortedDictionary<TopicIdPartition, int> AssignmentEpochs { get; init; } =
        ImmutableSortedDictionary<TopicIdPartition, int>.Empty;

    /// <summary>Set for a member that speaks the classic protocol.</summary>
    public ClassicMembership? Classic { get; init; }

    public bool IsClassic => Classic is not null;

    /// <summary>Whether its metadata record would be the same.</summary>
    public bool HasSameMetadata(ConsumerMember other) => InstanceId == other.InstanceId && RackId == other.RackId
        && ClientId == other.ClientId && ClientHost == other.ClientHost && HasSameSubscription(other)
        && RebalanceTimeoutMs == other.RebalanceTimeoutMs && ServerAssignor == other.ServerAssignor
        && Equals(Classic, other.Classic);

    public bool HasSameSubscription(ConsumerMember other) =>
        Regex == other.Regex && Topics.SetEquals(other.Topics);

    /// <summary>Whether its assignment record would be the same.</summary>
    public bool HasSameAssignment(ConsumerMember other) => Epoch == other.Epoch && State == other.State
        && PreviousEpoch == other.PreviousEpoch && Assigned.SetEquals(other.Assigned)
        && PendingRevocation.SetEquals(other.PendingRevocation)
        && AssignmentEpochs.SequenceEqual(other.AssignmentEpochs);

    /// <summary>The epoch in which the partition was given to it; null when it has not got it.</summary>
    public int? AssignmentEpochOf(TopicIdPartition partition) =>
        !Holds(partition) ? null : AssignmentEpochs.TryGetValue(partition, out int epoch) ? epoch : Epoch;

    /// <summary>With these partitions; new ones are of <paramref name="epoch"/>.</summary>
    public ConsumerMember WithPartitions(
        ImmutableSortedSet<TopicIdPartition> assigned, ImmutableSortedSet<TopicIdPartition> revoked, int epoch) =>
        this with
        {
            Assigned = assigned,
            PendingRevocation = revoked,
            AssignmentEpochs = assigned.Union(revoked).ToImmutableSortedDictionary(
                partition => partition, partition => AssignmentEpochOf(partition) ?? epoch),
        };

    /// <summary>Nobody else may have these.</summary>
    public bool Holds(TopicIdPartition partition) =>
        Assigned.Contains(partition) || PendingRevocation.Contains(partition);
}
