namespace KRaftSharp.Client.Admin;

/// <summary>Where the queue of a partition starts for a share group.</summary>
/// <param name="StartOffset">-1: nothing was read yet.</param>
/// <param name="LeaderEpoch">Of the partition, when it was read.</param>
/// <param name="Lag">Records that are neither acknowledged nor archived; -1 where the broker is too old to say.</param>
public readonly record struct ShareOffset(long StartOffset, int LeaderEpoch, long Lag);
