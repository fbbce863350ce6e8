using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Quorum.Controller;

/// <summary>Replicas of new partitions, wished for or placed, and the partitions that come of them.</summary>
internal sealed class ReplicaAssignments(ControllerState state)
{
    private readonly ReplicaPlacer _placer = new(state.Prng);

    /// <summary>Checks replicas that a request names.</summary>
    /// <param name="replicationFactor">What earlier partitions of the topic have; null for the first.</param>
    public ApiError CheckManual(IReadOnlyList<int> replicas, int? replicationFactor)
    {
        if (replicas.Count == 0)
        {
            return Wrong("The manual partition assignment includes an empty replica list.");
        }

        List<int> sorted = [.. replicas.Order()];
        for (int i = 0; i < sorted.Count; i++)
        {
            if (!state.Image.Cluster.Brokers.ContainsKey(sorted[i]))
            {
                return Wrong($"The manual partition assignment includes broker {sorted[i]}, but no such broker is "
                    + "registered.");
            }

            if (i > 0 && sorted[i] == sorted[i - 1])
            {
                return Wrong($"The manual partition assignment includes the broker {sorted[i]} more than once.");
            }
        }

        return replicationFactor is { } factor && factor != sorted.Count
            ? Wrong($"The manual partition assignment includes a partition with {sorted.Count} replica(s), but this is "
                + $"not consistent with previous partitions, which have {factor} replica(s).")
            : ApiError.None;
    }

    /// <summary>A new partition, or null when none of its replicas can be in the ISR.</summary>
    public PartitionRegistration? NewPartition(IReadOnlyList<int> replicas)
    {
        int[] isr = [.. replicas.Where(state.Image.Cluster.IsActive)];
        return isr.Length == 0
            ? null
            : new PartitionRegistration
            {
                Replicas = [.. replicas],
                Isr = isr,
                Leader = isr[0],
                Directories = [.. replicas.Select(state.DefaultDirectoryOf)],
            };
    }

    /// <summary>Checked manual assignments as partitions.</summary>
    public ApiError Manual(
        IEnumerable<IReadOnlyList<int>> assignments,
        int firstPartition,
        int? replicationFactor,
        List<PartitionRegistration> partitions)
    {
        foreach (IReadOnlyList<int> replicas in assignments)
        {
            ApiError error = CheckManual(replicas, replicationFactor);
            if (error.IsFailure)
            {
                return error;
            }

            replicationFactor = replicas.Count;
            if (NewPartition(replicas) is not { } partition)
            {
                return Wrong("All brokers specified in the manual partition assignment for partition "
                    + $"{firstPartition + partitions.Count} are fenced or in controlled shutdown.");
            }

            partitions.Add(partition);
        }

        return ApiError.None;
    }

    /// <summary>Places new partitions.</summary>
    public ApiError Place(int count, int replicationFactor, List<PartitionRegistration> partitions)
    {
        (int[][] placed, string? why) = _placer.Place(state.Image.Cluster, count, replicationFactor);
        for (int i = 0; why is null && i < placed.Length; i++)
        {
            if (NewPartition(placed[i]) is { } partition)
            {
                partitions.Add(partition);
            }
            else
            {
                why = "All brokers are currently fenced or in controlled shutdown.";
            }
        }

        return why is null
            ? ApiError.None
            : new ApiError(
                ErrorCode.InvalidReplicationFactor,
                $"Unable to replicate the partition {replicationFactor} time(s): {why}");
    }

    private static ApiError Wrong(string message) => new(ErrorCode.InvalidReplicaAssignment, message);
}
