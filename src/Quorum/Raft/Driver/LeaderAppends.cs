using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Quorum.Raft.Messages;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Writes what a leader appends: the batch that starts its epoch, and what its term has queued.</summary>
internal sealed class LeaderAppends(DriverContext context, MetadataLog log, CommittedReader reader)
{
    private const int MostBytesPerWrite = 4 * 1024 * 1024;

    /// <summary>Writes the control batch that starts the epoch.</summary>
    /// <returns>The term in which appends may follow.</returns>
    public LeaderTerm Begin(RaftEffect.AppendLeaderChange change)
    {
        LogPoint at = new(change.Epoch, log.EndOffset);
        long nowMs = context.Time.WallClockMs();
        byte[] batch = MetadataBatches.LeaderChange(
            at, nowMs, context.Settings.NodeId, change.Voters, change.Granting,
            change.NewVoters is { } voters ? (voters, log.Voters.KRaftVersion) : null);
        bool isWritten = log.TryAppend(batch, change.Epoch);
        Invariant.Require(isWritten, "a leader's first batch continues its log", at, batch.Length);
        reader.Remember(new CommittedBatch(at.EndOffset, log.EndOffset - 1, at.Epoch, nowMs, [], batch.Length));
        return new LeaderTerm(change.Epoch, log.EndOffset, context.Settings);
    }

    /// <summary>Writes all that is queued, in as few writes as sensible.</summary>
    /// <returns>False when there was nothing.</returns>
    public bool Drain(LeaderTerm term)
    {
        List<PendingBatch> batches = [];
        while (term.TryTake(out PendingBatch? batch))
        {
            batches.Add(batch);
        }

        int first = 0;
        while (first < batches.Count)
        {
            int count = 0;
            int size = 0;
            do
            {
                size += batches[first + count].Bytes.Length;
                count++;
            }
            while (first + count < batches.Count && size + batches[first + count].Bytes.Length <= MostBytesPerWrite);
            Append(batches.GetRange(first, count), size, term.Epoch);
            first += count;
        }

        return first > 0;
    }

    private void Append(List<PendingBatch> batches, int size, int epoch)
    {
        Invariant.Require(
            batches[0].Batch.BaseOffset == log.EndOffset, "a leader's offsets are those it gave out",
            batches[0].Batch.BaseOffset, log.EndOffset);
        bool isWritten;
        if (batches.Count == 1)
        {
            isWritten = log.TryAppend(batches[0].Bytes, epoch);
        }
        else
        {
            using PooledChunk together = new(size);
            int at = 0;
            foreach (PendingBatch batch in batches)
            {
                batch.Bytes.CopyTo(together.Memory[at..]);
                at += batch.Bytes.Length;
            }

            isWritten = log.TryAppend(together.Memory, epoch);
        }

        Invariant.Require(isWritten, "a leader's own batches continue its log", batches[0].Batch.BaseOffset, size);
        foreach (PendingBatch batch in batches)
        {
            reader.Remember(batch.Batch);
        }

        context.Stats.Appended(batches.Sum(batch => batch.Batch.Records.Count), log.EndOffset);
    }
}
