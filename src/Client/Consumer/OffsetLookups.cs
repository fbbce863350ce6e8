using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Consumer;

/// <summary>Finds positions that are not known, and checks after a change of leader that the records read so far are
/// still in the log (KIP-320).</summary>
internal sealed class OffsetLookups(
    ClusterClient cluster, ConsumerOptions options, Assignment assignment, Inbox inbox)
{
    public const long LatestTimestamp = -1;
    public const long EarliestTimestamp = -2;

    /// <summary>Asks the group's coordinator what is committed; null without a group.</summary>
    public Func<IReadOnlyCollection<TopicPartition>, Task<IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>>>?
        Committed
    { get; init; }

    /// <summary>Whether the leader changed since the position was known to be good.</summary>
    public static bool NeedsValidation(PartitionState state, PartitionView view) =>
        state.FetchEpoch >= 0 && view.LeaderEpoch > state.ValidatedEpoch && view.LeaderEpoch > state.FetchEpoch;

    /// <summary>Asks for every position that needs it and is not being asked for.</summary>
    public void Start(long nowMs, ref long nextMs)
    {
        Dictionary<(int NodeId, long Timestamp), List<PartitionState>> unknown = [];
        Dictionary<int, List<PartitionState>> unproven = [];
        List<PartitionState> uncommitted = [];
        foreach (PartitionState state in assignment.States.Where(state => !state.IsAsking))
        {
            if (state.RetryAtMs > nowMs)
            {
                nextMs = Math.Min(nextMs, state.RetryAtMs);
            }
            else if (state.Position < 0 && state.AwaitsCommitted)
            {
                uncommitted.Add(state);
            }
            else if (state.Position < 0)
            {
                if (TimestampFor(state) is { } timestamp && assignment.LeaderOf(state.Partition) is { } view)
                {
                    Group(unknown, (view.LeaderId, timestamp), state);
                }
            }
            else if (assignment.LeaderOf(state.Partition) is { } view && NeedsValidation(state, view))
            {
                Group(unproven, view.LeaderId, state);
            }
        }

        foreach (((int nodeId, long timestamp), List<PartitionState> states) in unknown)
        {
            ListOffsetsRequest request = PartitionOffsets.Request(
                cluster, states.Select(state => state.Partition), timestamp);
            Ask(nodeId, states, request, HandleOffsets);
        }

        foreach ((int nodeId, List<PartitionState> states) in unproven)
        {
            Ask(nodeId, states, EpochRequest(states), HandleEpochs);
        }

        if (uncommitted.Count > 0 && Committed is { } committed)
        {
            uncommitted.ForEach(state => state.IsAsking = true);
            inbox.Expect(
                committed([.. uncommitted.Select(state => state.Partition)]),
                (found, failure) => HandleCommitted(uncommitted, found, failure));
        }
    }

    private static void Group<TKey>(
        Dictionary<TKey, List<PartitionState>> groups, TKey key, PartitionState state)
        where TKey : notnull
    {
        if (!groups.TryGetValue(key, out List<PartitionState>? list))
        {
            groups.Add(key, list = []);
        }

        list.Add(state);
    }

    private long? TimestampFor(PartitionState state)
    {
        if (state.LookUpTimestamp is { } wanted)
        {
            return wanted;
        }

        if (options.OffsetReset == OffsetReset.None)
        {
            assignment.Fail(state.Partition, ErrorCode.OffsetOutOfRange, "no position, and none may be chosen");
            state.RetryAtMs = long.MaxValue;
            return null;
        }

        return options.OffsetReset switch
        {
            OffsetReset.Earliest => EarliestTimestamp,
            OffsetReset.ByDuration =>
                (cluster.Runtime.Time.GetUtcNow() - options.OffsetResetDuration!.Value).ToUnixTimeMilliseconds(),
            _ => LatestTimestamp,
        };
    }

    private void Ask(
        int nodeId, List<PartitionState> states, IApiMessage request, Action<List<PartitionState>, IApiMessage> handle)
    {
        if (cluster.ChannelTo(nodeId) is not { } channel)
        {
            return;
        }

        states.ForEach(state => state.IsAsking = true);
        inbox.Expect(channel.SendAsync(request, VersionRange.All, options.RequestTimeout), response =>
        {
            using (response)
            {
                states.ForEach(state => state.IsAsking = false);
                if (response.Message is { } answer)
                {
                    handle(states, answer);
                }
                else
                {
                    states.ForEach(state => assignment.BackOff(state, cluster.Runtime.NowMs, isAboutMetadata: true));
                }
            }
        });
    }

    private void HandleOffsets(List<PartitionState> states, IApiMessage message)
    {
        ListOffsetsResponse answer = (ListOffsetsResponse)message;
        foreach (PartitionState state in states)
        {
            ListOffsetsResponse.ListOffsetsPartitionResponse? part = answer.Topics
                .Find(topic => topic.Name == state.Partition.Topic)?.Partitions
                .Find(partition => partition.PartitionIndex == state.Partition.Partition);
            ErrorCode error = part?.ErrorCode ?? ErrorCode.UnknownServerError;
            if (state.Position >= 0)
            {
                continue; // somebody sought while the request was under way
            }

            if (error == ErrorCode.None && part!.Offset >= 0)
            {
                state.MoveTo(part.Offset, epoch: -1);
            }
            else if (error == ErrorCode.None)
            {
                state.Reset(LatestTimestamp); // no record is that late
            }
            else
            {
                Refused(state, error);
            }
        }
    }

    private void HandleCommitted(
        List<PartitionState> states, IReadOnlyDictionary<TopicPartition, OffsetAndMetadata>? found,
        KafkaException? failure)
    {
        foreach (PartitionState state in states)
        {
            state.IsAsking = false;
            if (found is null)
            {
                Refused(state, failure!.Code);
            }
            else if (!state.AwaitsCommitted)
            {
                continue; // somebody sought meanwhile
            }
            else if (found.TryGetValue(state.Partition, out OffsetAndMetadata committed))
            {
                state.MoveTo(committed.Offset, committed.LeaderEpoch);
            }
            else
            {
                state.AwaitsCommitted = false; // nothing is: the policy decides
            }
        }
    }

    private static OffsetForLeaderEpochRequest EpochRequest(
        ClusterView view, IEnumerable<PartitionState> states)
    {
        OffsetForLeaderEpochRequest request = new() { ReplicaId = -1 };
        foreach (IGrouping<string, PartitionState> topic in states.GroupBy(state => state.Partition.Topic))
        {
            OffsetForLeaderEpochRequest.OffsetForLeaderTopic entry = new() { Topic = topic.Key };
            foreach (PartitionState state in topic)
            {
                entry.Partitions.Add(new OffsetForLeaderEpochRequest.OffsetForLeaderPartition
                {
                    Partition = state.Partition.Partition,
                    CurrentLeaderEpoch = view.Find(state.Partition)?.LeaderEpoch ?? -1,
                    LeaderEpoch = state.FetchEpoch,
                });
            }

            request.Topics.Add(entry);
        }

        return request;
    }

    private OffsetForLeaderEpochRequest EpochRequest(List<PartitionState> states) =>
        EpochRequest(cluster.View, states);

    private void HandleEpochs(List<PartitionState> states, IApiMessage message)
    {
        OffsetForLeaderEpochResponse answer = (OffsetForLeaderEpochResponse)message;
        foreach (PartitionState state in states)
        {
            OffsetForLeaderEpochResponse.EpochEndOffset? part = answer.Topics
                .Find(topic => topic.Topic == state.Partition.Topic)?.Partitions
                .Find(partition => partition.Partition == state.Partition.Partition);
            ErrorCode error = part?.ErrorCode ?? ErrorCode.UnknownServerError;
            if (error != ErrorCode.None)
            {
                Refused(state, error);
            }
            else if (state.Position >= 0)
            {
                Prove(state, part!.LeaderEpoch, part.EndOffset);
            }
        }
    }

    private void Prove(PartitionState state, int epoch, long endOffset)
    {
        state.ValidatedEpoch = cluster.View.Find(state.Partition)?.LeaderEpoch ?? -1;
        state.Failures = 0;
        if (endOffset >= state.FetchOffset)
        {
            return;
        }

        if (endOffset >= state.Position)
        {
            state.Rewind(); // only what lies ready is gone
            return;
        }

        // The log was cut below what was read (an unclean election): read on where it diverges.
        if (options.OffsetReset == OffsetReset.None)
        {
            assignment.Fail(
                state.Partition, ErrorCode.OffsetOutOfRange,
                $"the log was truncated to {endOffset}, read to {state.Position}");
            state.RetryAtMs = long.MaxValue;
        }
        else if (endOffset < 0)
        {
            state.Reset(timestamp: null);
        }
        else
        {
            state.MoveTo(endOffset, epoch);
        }
    }

    private void Refused(PartitionState state, ErrorCode error)
    {
        bool isAboutMembership = error is ErrorCode.StaleMemberEpoch or ErrorCode.UnknownMemberId
            or ErrorCode.IllegalGeneration; // the membership finds out by itself
        if (!ErrorCodes.IsRetriable(error) && error != ErrorCode.UnknownServerError && !isAboutMembership)
        {
            assignment.Fail(state.Partition, error);
        }

        assignment.BackOff(state, cluster.Runtime.NowMs, isAboutMetadata: true);
    }
}
