using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Consumer;

/// <summary>Keeps one Fetch under way with every leader and takes in what comes back.</summary>
internal sealed class Fetches(ClusterClient cluster, ConsumerOptions options, Assignment assignment, Inbox inbox)
{
    // Topic ids came with version 13; without them names must do.
    private const short LastVersionWithNames = 12;

    private readonly Dictionary<int, FetchSession> _sessions = [];
    private readonly HashSet<int> _busy = [];
    private List<PartitionRecords> _results = [];
    private List<IDisposable> _buffers = [];

    /// <summary>Asks every leader that is not being asked for what is wanted of it.</summary>
    public void Start(long nowMs, ref long nextMs)
    {
        Dictionary<int, Dictionary<TopicPartition, FetchTarget>> byLeader = [];
        foreach (PartitionState state in assignment.States)
        {
            if (state.Position < 0 || state.IsPaused || state.IsAsking)
            {
                continue;
            }

            if (state.RetryAtMs > nowMs)
            {
                nextMs = Math.Min(nextMs, state.RetryAtMs);
                continue;
            }

            if (assignment.LeaderOf(state.Partition) is not { } view
                || OffsetLookups.NeedsValidation(state, view) || _busy.Contains(view.LeaderId))
            {
                continue;
            }

            if (!byLeader.TryGetValue(view.LeaderId, out Dictionary<TopicPartition, FetchTarget>? wanted))
            {
                byLeader.Add(view.LeaderId, wanted = []);
            }

            wanted.Add(state.Partition, new FetchTarget(
                cluster.View.Topics[state.Partition.Topic].Id, state.Position, view.LeaderEpoch,
                options.MaxPartitionFetchBytes));
        }

        foreach ((int nodeId, Dictionary<TopicPartition, FetchTarget> wanted) in byLeader)
        {
            Send(nodeId, wanted);
        }
    }

    /// <summary>Everything that has come since the last call; the caller disposes it.</summary>
    public FetchedRecords TakeResults()
    {
        FetchedRecords results = new(_results, _buffers);
        (_results, _buffers) = ([], []);
        return results;
    }

    private void Send(int nodeId, Dictionary<TopicPartition, FetchTarget> wanted)
    {
        if (!_sessions.TryGetValue(nodeId, out FetchSession? session))
        {
            _sessions.Add(nodeId, session = new FetchSession());
        }

        FetchRequest request = new()
        {
            MaxWaitMs = (int)options.FetchMaxWait.TotalMilliseconds,
            MinBytes = options.FetchMinBytes,
            MaxBytes = options.FetchMaxBytes,
            RackId = options.Rack,
        };
        session.Fill(request, wanted);
        bool haveIds = wanted.Values.All(target => !target.TopicId.IsZero);
        IBrokerChannel? channel = cluster.ChannelTo(nodeId);
        if (channel is null)
        {
            return;
        }

        _busy.Add(nodeId);
        inbox.Expect(
            channel.SendAsync(
                request, new VersionRange(4, haveIds ? short.MaxValue : LastVersionWithNames),
                options.RequestTimeout + options.FetchMaxWait),
            response => Handle(nodeId, session, wanted, response));
    }

    private void Handle(
        int nodeId, FetchSession session, Dictionary<TopicPartition, FetchTarget> wanted, BrokerResponse response)
    {
        _busy.Remove(nodeId);
        if (response.Message is not FetchResponse answer)
        {
            session.Lose();
            Postpone(wanted.Keys, isAboutMetadata: true);
            response.Dispose();
            return;
        }

        if (!session.Accept(answer))
        {
            if (answer.ErrorCode is not (ErrorCode.FetchSessionIdNotFound or ErrorCode.InvalidFetchSessionEpoch))
            {
                Postpone(wanted.Keys, isAboutMetadata: true);
            }

            response.Dispose();
            return;
        }

        bool isUsed = false;
        foreach (FetchResponse.FetchableTopicResponse topic in answer.Responses)
        {
            string? name = topic.TopicId.IsZero ? topic.Topic : NameOf(topic.TopicId, wanted);
            foreach (FetchResponse.PartitionData part in topic.Partitions)
            {
                if (name is not null && wanted.TryGetValue(
                    new TopicPartition(name, part.PartitionIndex), out FetchTarget target))
                {
                    isUsed |= Take(new TopicPartition(name, part.PartitionIndex), target, part, answer);
                }
            }
        }

        if (isUsed)
        {
            _buffers.Add(response);
        }
        else
        {
            response.Dispose();
        }
    }

    /// <returns>Whether records were taken, which lie in the answer's buffer.</returns>
    private bool Take(
        TopicPartition partition, FetchTarget target, FetchResponse.PartitionData part, FetchResponse answer)
    {
        PartitionState? state = assignment.Find(partition);
        if (state is null || state.Position != target.Offset)
        {
            return false; // moved or dropped while the request was under way
        }

        switch (part.ErrorCode)
        {
            case ErrorCode.None:
                state.HighWatermark = part.HighWatermark;
                state.Failures = 0;
                return TakeRecords(state, target, part);
            case ErrorCode.OffsetOutOfRange when options.OffsetReset == OffsetReset.None:
                assignment.Fail(partition, part.ErrorCode, $"the log does not hold offset {target.Offset}");
                state.RetryAtMs = long.MaxValue;
                return false;
            case ErrorCode.OffsetOutOfRange:
                state.Reset(timestamp: null);
                return false;
            case ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownTopicOrPartition
                or ErrorCode.UnknownTopicId or ErrorCode.InconsistentTopicId or ErrorCode.UnknownLeaderEpoch
                or ErrorCode.LeaderNotAvailable or ErrorCode.ReplicaNotAvailable or ErrorCode.KafkaStorageError
                or ErrorCode.OffsetNotAvailable:
                bool isKnown = LearnLeader(partition, part, answer);
                if (!isKnown)
                {
                    assignment.BackOff(state, cluster.Runtime.NowMs, isAboutMetadata: true);
                }

                return false;
            default:
                assignment.Fail(partition, part.ErrorCode);
                assignment.BackOff(state, cluster.Runtime.NowMs, isAboutMetadata: false);
                return false;
        }
    }

    private bool TakeRecords(PartitionState state, FetchTarget target, FetchResponse.PartitionData part)
    {
        if (part.Records is not { IsEmpty: false } bytes)
        {
            return false;
        }

        PartitionRecords records = new(
            state.Partition, bytes, target.Offset, part.HighWatermark, options.CheckCrcs);
        if (records.NextOffset == target.Offset)
        {
            assignment.Fail(state.Partition, ErrorCode.CorruptMessage, $"no batch can be read at {target.Offset}");
            assignment.BackOff(state, cluster.Runtime.NowMs, isAboutMetadata: false);
            return false;
        }

        state.MoveTo(records.NextOffset, records.LastEpoch);
        _results.Add(records);
        return true;
    }

    private bool LearnLeader(TopicPartition partition, FetchResponse.PartitionData part, FetchResponse answer)
    {
        if (part.CurrentLeader is not { LeaderId: >= 0 } leader
            || cluster.View.Find(partition) is not { } known || known.LeaderEpoch >= leader.LeaderEpoch)
        {
            return false;
        }

        FetchResponse.NodeEndpoint? endpoint = answer.NodeEndpoints.Find(node => node.NodeId == leader.LeaderId);
        cluster.LearnLeader(
            partition, leader.LeaderId, leader.LeaderEpoch,
            endpoint is null ? null : new BrokerNode(endpoint.NodeId, endpoint.Host, endpoint.Port, endpoint.Rack));
        return true;
    }

    private void Postpone(IEnumerable<TopicPartition> partitions, bool isAboutMetadata)
    {
        foreach (TopicPartition partition in partitions)
        {
            if (assignment.Find(partition) is { } state)
            {
                assignment.BackOff(state, cluster.Runtime.NowMs, isAboutMetadata);
            }
        }
    }

    private static string? NameOf(Uuid topicId, Dictionary<TopicPartition, FetchTarget> wanted)
    {
        foreach ((TopicPartition partition, FetchTarget target) in wanted)
        {
            if (target.TopicId == topicId)
            {
                return partition.Topic;
            }
        }

        return null;
    }
}
