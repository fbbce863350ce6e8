using KRaftSharp.Client.Diagnostics;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Consumer;

/// <summary>Keeps one Fetch under way with every leader and takes in what comes back.</summary>
internal sealed class Fetches(ClusterClient cluster, ConsumerOptions options, Assignment assignment, Inbox inbox)
{
    // Topic ids came with version 13; without them names must do.
    private const short LastVersionWithNames = 12;

    private readonly Dictionary<int, FetchNode> _nodes = [];
    private readonly FetchedQueue _ready = new(assignment);
    private readonly ILogger _logger = options.Loggers.CreateLogger(ClientLog.ConsumerCategory);

    /// <summary>Asks every broker that is not being asked for what is wanted of it.</summary>
    public void Start(long nowMs, ref long nextMs)
    {
        Dictionary<int, Dictionary<TopicPartition, FetchTarget>> byNode = [];
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

            if (assignment.LeaderOf(state.Partition) is not { } view || OffsetLookups.NeedsValidation(state, view))
            {
                continue;
            }

            int nodeId = assignment.NodeToRead(state, view, nowMs);
            if (!byNode.TryGetValue(nodeId, out Dictionary<TopicPartition, FetchTarget>? wanted))
            {
                byNode.Add(nodeId, wanted = []);
            }

            wanted.Add(state.Partition, new FetchTarget(
                cluster.View.Topics[state.Partition.Topic].Id, state.FetchOffset, view.LeaderEpoch,
                options.MaxPartitionFetchBytes));
        }

        foreach ((int nodeId, Dictionary<TopicPartition, FetchTarget> wanted) in byNode)
        {
            FetchNode node = NodeOf(nodeId);
            long room = (options.PrefetchMaxBytes / byNode.Count) - node.HeldBytes;
            if (!node.IsBusy && (room > 0 || node.HeldBytes == 0))
            {
                Send(nodeId, node, wanted, (int)Math.Clamp(room, 1, options.FetchMaxBytes));
            }
        }
    }

    /// <summary>The next records that have come, no more than that many; the caller disposes them.</summary>
    public FetchedRecords Take(int mostRecords) => _ready.Take(mostRecords);

    /// <summary>Gives back what nobody will take.</summary>
    public void Clear() => _ready.Clear();

    private FetchNode NodeOf(int nodeId)
    {
        if (!_nodes.TryGetValue(nodeId, out FetchNode? node))
        {
            _nodes.Add(nodeId, node = new FetchNode());
        }

        return node;
    }

    private void Send(int nodeId, FetchNode node, Dictionary<TopicPartition, FetchTarget> wanted, int maxBytes)
    {
        FetchRequest request = new()
        {
            MaxWaitMs = (int)options.FetchMaxWait.TotalMilliseconds,
            MinBytes = options.FetchMinBytes,
            MaxBytes = maxBytes,
            IsolationLevel = (sbyte)options.IsolationLevel,
            RackId = options.Rack,
        };
        node.Session.Fill(request, wanted);
        bool haveIds = wanted.Values.All(target => !target.TopicId.IsZero);
        IBrokerChannel? channel = cluster.ChannelTo(nodeId);
        if (channel is null)
        {
            return;
        }

        node.IsBusy = true;
        long sentMs = cluster.Runtime.NowMs;
        inbox.Expect(
            channel.SendAsync(
                request, new VersionRange(4, haveIds ? short.MaxValue : LastVersionWithNames),
                options.RequestTimeout + options.FetchMaxWait),
            response =>
            {
                ConsumerMetrics.Fetched(options.ClientId, cluster.Runtime.NowMs - sentMs);
                Handle(nodeId, node, wanted, response);
            });
    }

    private void Handle(
        int nodeId, FetchNode node, Dictionary<TopicPartition, FetchTarget> wanted, BrokerResponse response)
    {
        node.IsBusy = false;
        if (response.Message is not FetchResponse answer)
        {
            ConsumerLog.FetchFailed(_logger, nodeId, response.TransportError, response.Reason);
            node.Session.Lose();
            Postpone(wanted.Keys, isAboutMetadata: true);
            response.Dispose();
            return;
        }

        if (!node.Session.Accept(answer))
        {
            ConsumerLog.FetchFailed(_logger, nodeId, answer.ErrorCode, null);
            if (answer.ErrorCode is not (ErrorCode.FetchSessionIdNotFound or ErrorCode.InvalidFetchSessionEpoch))
            {
                Postpone(wanted.Keys, isAboutMetadata: true);
            }

            response.Dispose();
            return;
        }

        List<FetchedPart> parts = [];
        foreach (FetchResponse.FetchableTopicResponse topic in answer.Responses)
        {
            string? name = topic.TopicId.IsZero ? topic.Topic : NameOf(topic.TopicId, wanted);
            foreach (FetchResponse.PartitionData part in topic.Partitions)
            {
                if (name is not null && wanted.TryGetValue(
                    new TopicPartition(name, part.PartitionIndex), out FetchTarget target)
                    && Take(new TopicPartition(name, part.PartitionIndex), target, part, answer) is { } taken)
                {
                    parts.Add(taken);
                }
            }
        }

        Keep(parts, node, response);
    }

    private void Keep(List<FetchedPart> parts, FetchNode node, BrokerResponse response)
    {
        if (parts.Count == 0)
        {
            response.Dispose();
            return;
        }

        FetchBuffer buffer = new(response, node, parts.Sum(part => (long)part.Bytes.Length), parts.Count);
        foreach (FetchedPart part in parts)
        {
            part.Buffer = buffer;
            _ready.Add(part);
        }
    }

    /// <returns>What was taken, which lies in the answer's buffer.</returns>
    private FetchedPart? Take(
        TopicPartition partition, FetchTarget target, FetchResponse.PartitionData part, FetchResponse answer)
    {
        PartitionState? state = assignment.Find(partition);
        if (state is null || state.FetchOffset != target.Offset)
        {
            return null; // moved or dropped while the request was under way
        }

        if (part.ErrorCode != ErrorCode.None)
        {
            ConsumerLog.FetchRefused(_logger, partition, part.ErrorCode);
        }

        bool isFollowers = state.PreferredReplica >= 0;
        switch (part.ErrorCode)
        {
            case ErrorCode.None when part.PreferredReadReplica >= 0:
                state.Prefer(
                    part.PreferredReadReplica,
                    cluster.Runtime.NowMs + (long)options.MetadataMaxAge.TotalMilliseconds);
                return null;
            case ErrorCode.None:
                state.HighWatermark = part.HighWatermark;
                state.LogStartOffset = part.LogStartOffset;
                state.Failures = 0;
                return TakeRecords(state, target, part);
            case ErrorCode.OffsetOutOfRange when isFollowers:
                state.Prefer(-1, 0); // the follower may be behind: its leader knows
                return null;
            case ErrorCode.OffsetOutOfRange when options.OffsetReset == OffsetReset.None:
                assignment.Fail(partition, part.ErrorCode, $"the log does not hold offset {target.Offset}");
                state.RetryAtMs = long.MaxValue;
                return null;
            case ErrorCode.OffsetOutOfRange:
                ConsumerLog.OffsetOutOfRange(_logger, partition, target.Offset, options.OffsetReset);
                state.Reset(timestamp: null);
                return null;
            case ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownTopicOrPartition
                or ErrorCode.UnknownTopicId or ErrorCode.InconsistentTopicId or ErrorCode.UnknownLeaderEpoch
                or ErrorCode.LeaderNotAvailable or ErrorCode.ReplicaNotAvailable or ErrorCode.KafkaStorageError
                or ErrorCode.OffsetNotAvailable:
                state.Prefer(-1, 0);
                if (!LearnLeader(partition, part, answer))
                {
                    assignment.BackOff(state, cluster.Runtime.NowMs, isAboutMetadata: true);
                }

                return null;
            default:
                assignment.Fail(partition, part.ErrorCode);
                assignment.BackOff(state, cluster.Runtime.NowMs, isAboutMetadata: false);
                return null;
        }
    }

    private FetchedPart? TakeRecords(PartitionState state, FetchTarget target, FetchResponse.PartitionData part)
    {
        if (part.Records is not { IsEmpty: false } bytes)
        {
            return null;
        }

        FetchedPart fetched = new(state, bytes, target.Offset, options.CheckCrcs)
        {
            HighWatermark = part.HighWatermark,
            Aborted = options.IsolationLevel == IsolationLevel.ReadCommitted ? part.AbortedTransactions : null,
        };
        if (fetched.NextOffset == target.Offset)
        {
            assignment.Fail(state.Partition, ErrorCode.CorruptMessage, $"no batch can be read at {target.Offset}");
            assignment.BackOff(state, cluster.Runtime.NowMs, isAboutMetadata: false);
            return null;
        }

        ConsumerMetrics.Received(options.ClientId, state.Partition.Topic, bytes.Length);
        state.Fetched(fetched.NextOffset, fetched.LastEpoch);
        return fetched;
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
                state.Prefer(-1, 0);
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
