using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>The state of one partition as the controller decided it.</summary>
/// <remarks>Arrays are never changed once they are in a registration.</remarks>
public sealed record PartitionRegistration
{
    public const int NoLeader = -1;

    /// <summary>In a change record: the leader stays, and so does its epoch.</summary>
    public const int NoLeaderChange = -2;

    public required int[] Replicas { get; init; }

    public required int[] Isr { get; init; }

    public int[] RemovingReplicas { get; init; } = [];

    public int[] AddingReplicas { get; init; } = [];

    /// <summary>Eligible leader replicas (KIP-966).</summary>
    public int[] Elr { get; init; } = [];

    public int[] LastKnownElr { get; init; } = [];

    /// <summary>The log directory of each replica, in the order of <see cref="Replicas"/>.</summary>
    public Uuid[] Directories { get; init; } = [];

    /// <summary>The leader's broker id, or <see cref="NoLeader"/>.</summary>
    public int Leader { get; init; } = NoLeader;

    /// <summary>Grows with each election.</summary>
    public int LeaderEpoch { get; init; }

    /// <summary>Grows with each change.</summary>
    public int PartitionEpoch { get; init; }

    public LeaderRecoveryState LeaderRecoveryState { get; init; }

    public bool HasLeader => Leader != NoLeader;

    public int PreferredReplica => Replicas.Length == 0 ? NoLeader : Replicas[0];

    public bool HasPreferredLeader => Leader == PreferredReplica;

    public bool IsReassigning => RemovingReplicas.Length > 0 || AddingReplicas.Length > 0;

    /// <summary>The directory of a replica; unassigned when it is not known.</summary>
    public Uuid DirectoryOf(int brokerId)
    {
        int index = Array.IndexOf(Replicas, brokerId);
        return index >= 0 && index < Directories.Length ? Directories[index] : DirectoryIds.Unassigned;
    }

    public static PartitionRegistration From(PartitionRecord record) => new()
    {
        Replicas = [.. record.Replicas],
        Isr = [.. record.Isr],
        RemovingReplicas = [.. record.RemovingReplicas],
        AddingReplicas = [.. record.AddingReplicas],
        Elr = [.. record.EligibleLeaderReplicas ?? []],
        LastKnownElr = [.. record.LastKnownElr ?? []],
        Directories = DirectoriesOf(record.Directories, record.Replicas.Count),
        Leader = record.Leader,
        LeaderEpoch = record.LeaderEpoch,
        PartitionEpoch = record.PartitionEpoch,
        LeaderRecoveryState = (LeaderRecoveryState)record.LeaderRecoveryState,
    };

    /// <summary>The state after a change: the partition epoch grows, the leader epoch only with a leader.</summary>
    public PartitionRegistration Merge(PartitionChangeRecord change)
    {
        int[] replicas = change.Replicas is { } newReplicas ? [.. newReplicas] : Replicas;
        bool hasElection = change.Leader != NoLeaderChange;
        return new PartitionRegistration
        {
            Replicas = replicas,
            Isr = change.Isr is { } isr ? [.. isr] : Isr,
            RemovingReplicas = change.RemovingReplicas is { } removing ? [.. removing] : RemovingReplicas,
            AddingReplicas = change.AddingReplicas is { } adding ? [.. adding] : AddingReplicas,
            Elr = change.EligibleLeaderReplicas is { } elr ? [.. elr] : Elr,
            LastKnownElr = change.LastKnownElr is { } last ? [.. last] : LastKnownElr,
            Directories = change.Directories is { } directories
                ? DirectoriesOf(directories, replicas.Length)
                : DirectoriesOf(replicas),
            Leader = hasElection ? change.Leader : Leader,
            LeaderEpoch = hasElection ? LeaderEpoch + 1 : LeaderEpoch,
            PartitionEpoch = PartitionEpoch + 1,
            LeaderRecoveryState = change.LeaderRecoveryState < 0
                ? LeaderRecoveryState
                : (LeaderRecoveryState)change.LeaderRecoveryState,
        };
    }

    /// <summary>The record that makes this state, for a new partition or a snapshot.</summary>
    public PartitionRecord ToRecord(Uuid topicId, int partition, MetadataVersion version) => new()
    {
        TopicId = topicId,
        PartitionId = partition,
        Replicas = [.. Replicas],
        Isr = [.. Isr],
        RemovingReplicas = [.. RemovingReplicas],
        AddingReplicas = [.. AddingReplicas],
        EligibleLeaderReplicas = version.IsElrSupported && Elr.Length > 0 ? [.. Elr] : null,
        LastKnownElr = version.IsElrSupported && LastKnownElr.Length > 0 ? [.. LastKnownElr] : null,
        Directories = version.IsDirectoryAssignmentSupported ? [.. Directories] : [],
        Leader = Leader,
        LeaderEpoch = LeaderEpoch,
        PartitionEpoch = PartitionEpoch,
        LeaderRecoveryState = (sbyte)LeaderRecoveryState,
    };

    public bool Equals(PartitionRegistration? other) => other is not null
        && (ReferenceEquals(this, other) || (Leader == other.Leader
            && LeaderEpoch == other.LeaderEpoch && PartitionEpoch == other.PartitionEpoch
            && LeaderRecoveryState == other.LeaderRecoveryState && ImageMaps.Same(Replicas, other.Replicas)
            && ImageMaps.Same(Isr, other.Isr) && ImageMaps.Same(RemovingReplicas, other.RemovingReplicas)
            && ImageMaps.Same(AddingReplicas, other.AddingReplicas) && ImageMaps.Same(Elr, other.Elr)
            && ImageMaps.Same(LastKnownElr, other.LastKnownElr) && ImageMaps.Same(Directories, other.Directories)));

    public override int GetHashCode() => HashCode.Combine(Leader, LeaderEpoch, PartitionEpoch, Isr.Length);

    public override string ToString() =>
        $"leader {Leader} epoch {LeaderEpoch}, isr [{string.Join(", ", Isr)}] of [{string.Join(", ", Replicas)}],"
        + $" partition epoch {PartitionEpoch}, {LeaderRecoveryState}";

    // Before directories were kept in the metadata, each replica is where it was: Kafka calls that migrating.
    private static Uuid[] DirectoriesOf(List<Uuid> directories, int replicaCount) =>
        directories.Count == replicaCount ? [.. directories] : MigratingDirectories(replicaCount);

    private static Uuid[] MigratingDirectories(int count)
    {
        Uuid[] all = new Uuid[count];
        Array.Fill(all, DirectoryIds.Migrating);
        return all;
    }

    private Uuid[] DirectoriesOf(int[] replicas) =>
        ReferenceEquals(replicas, Replicas) ? Directories : [.. replicas.Select(DirectoryOf)];
}
