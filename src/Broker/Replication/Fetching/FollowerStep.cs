using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Log;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Replication.Fetching;

/// <summary>What a follower does with its part of a leader's answer; runs on the partition's strand.</summary>
internal sealed class FollowerStep(
    FetchedPartition fetched, FetchResponse.PartitionData data, FetchRound round, ILogger logger)
{
    public FetchedPartition Fetched => fetched;

    /// <summary>Why the records could not be taken; set before the round is told.</summary>
    public ErrorCode Error { get; private set; }

    public void Run(PartitionState state)
    {
        PartitionLog log = fetched.Partition.Log;
        try
        {
            // The log may have been cut, or the term may have ended, while the answer was on its way.
            if (state.Role == PartitionRole.Follower && state.LeaderEpoch == fetched.LeaderEpoch
                && log.LogEndOffset == fetched.SentOffset)
            {
                if (data.DivergingEpoch.EndOffset >= 0 || data.DivergingEpoch.Epoch >= 0)
                {
                    Truncate(log);
                }
                else
                {
                    Append(log, state.LeaderId);
                }
            }
        }
        catch (StorageException)
        {
            Error = ErrorCode.KafkaStorageError;
        }
        finally
        {
            round.StepDone();
        }
    }

    /// <summary>
    /// Cuts to where the leader's and the own log part, as far as one answer tells (KIP-101, KIP-279, KIP-595): never
    /// to the high watermark, which lags behind what is committed.
    /// </summary>
    internal static long TruncationPoint(LogPoint leaders, LogPoint own, long logEndOffset, long highWatermark)
    {
        if (leaders.EndOffset < 0)
        {
            return highWatermark;
        }

        if (own.Epoch < 0)
        {
            return Math.Min(leaders.EndOffset, logEndOffset);
        }

        long cut = own.Epoch == leaders.Epoch ? Math.Min(own.EndOffset, leaders.EndOffset) : own.EndOffset;
        return Math.Min(cut, logEndOffset);
    }

    private void Truncate(PartitionLog log)
    {
        var leaders = new LogPoint(data.DivergingEpoch.Epoch, data.DivergingEpoch.EndOffset);
        long end = log.LogEndOffset;
        long cut = TruncationPoint(leaders, log.EndOffsetForEpoch(leaders.Epoch), end, log.HighWatermark);
        log.TruncateTo(cut);
        ReplicationLog.Truncated(logger, log.TopicPartition, end, cut, leaders.Epoch);
        if (cut < end)
        {
            fetched.Partition.Note("truncated", truncatedFrom: end);
        }
    }

    private void Append(PartitionLog log, int leaderId)
    {
        if (data.Records is { Length: > 0 } records)
        {
            LogAppendResult result = log.AppendAsFollower(records);
            if (!result.IsSuccess)
            {
                Error = result.Error;
                ReplicationLog.RecordsRefused(
                    logger, log.TopicPartition, leaderId, result.Error, result.ErrorMessage);
                return;
            }

            fetched.Partition.Traffic.Replicated(records.Length);
        }

        long high = Math.Min(data.HighWatermark, log.LogEndOffset);
        if (high > log.HighWatermark)
        {
            log.SetHighWatermark(high);
            fetched.Partition.HighWatermarkGate.Signal(round.Wakes);
        }

        if (data.LogStartOffset > log.LogStartOffset && data.LogStartOffset <= log.HighWatermark)
        {
            log.AdvanceLogStartOffset(data.LogStartOffset);
        }
    }
}
