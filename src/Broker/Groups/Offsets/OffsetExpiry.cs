using KRaftSharp.Broker.Coordination;
using KRaftSharp.Log;

namespace KRaftSharp.Broker.Groups.Offsets;

/// <summary>Which offsets have outlived their retention, and which groups end with them (KIP-211).</summary>
internal static class OffsetExpiry
{
    /// <summary>The most records of one round: what is left comes with the next.</summary>
    public const int MostRecords = 5_000;

    public static IReadOnlyList<CoordinatorRecord> Tombstones(GroupShard shard, GroupServices services)
    {
        long now = services.WallClockMs;
        List<CoordinatorRecord> records = [];
        foreach (Group group in shard.Groups)
        {
            bool isAllGone = true;
            foreach ((TopicPartition partition, CommittedOffset offset) in shard.Offsets.Of(group.Id))
            {
                if (records.Count < MostRecords && !shard.Offsets.IsPending(group.Id, partition)
                    && IsExpired(group, partition, offset, services.Settings.OffsetsRetentionMs, now))
                {
                    records.Add(OffsetStore.Tombstone(group.Id, partition));
                }
                else
                {
                    isAllGone = false;
                }
            }

            if (isAllGone && group is { IsEmpty: true, MayExpire: true } && !shard.Offsets.HasPending(group.Id)
                && records.Count < MostRecords)
            {
                records.AddRange(group.Tombstones());
            }
        }

        return records;
    }

    private static bool IsExpired(
        Group group, TopicPartition partition, CommittedOffset offset, long retentionMs, long now)
    {
        if (group.RetentionBase(partition.Topic, offset.TimestampMs) is not { } from)
        {
            return false;
        }

        return offset.ExpireTimestampMs >= 0 ? now >= offset.ExpireTimestampMs : now - from >= retentionMs;
    }
}
