using KRaftSharp.Broker.Coordination;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Offsets;

/// <summary>Commits, by members and from outside of group management, inside and outside of transactions.</summary>
internal sealed class OffsetCommits(GroupServices services)
{
    /// <param name="commits">Of topics and partitions that exist.</param>
    /// <param name="retentionMs">-1 for the broker's.</param>
    public Decision Commit(
        string groupId, IReadOnlyList<PartitionCommit> commits, long retentionMs,
        CommitTransaction? transaction, Reply<CommitOutcome> reply)
    {
        long now = services.WallClockMs;
        List<CoordinatorRecord> records = new(commits.Count);
        ErrorCode[] errors = new ErrorCode[commits.Count];
        for (int i = 0; i < commits.Count; i++)
        {
            PartitionCommit commit = commits[i];
            if (commit.Metadata.Length > services.Settings.OffsetMetadataMaxBytes)
            {
                errors[i] = ErrorCode.OffsetMetadataTooLarge;
                continue;
            }

            records.Add(OffsetStore.Record(groupId, commit.Partition, new OffsetCommitValue
            {
                Offset = commit.Offset,
                LeaderEpoch = commit.LeaderEpoch,
                Metadata = commit.Metadata,
                CommitTimestamp = now,
                ExpireTimestamp = retentionMs >= 0 ? now + retentionMs : -1,
                TopicId = commit.TopicId,
            }));
        }

        return reply.After(records, new CommitOutcome(errors)) with
        {
            Producer = transaction?.Producer,
            Verification = transaction?.Verification,
        };
    }
}
