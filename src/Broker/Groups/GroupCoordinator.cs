using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Classic;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Groups.Offsets;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups;

/// <summary>Brings the requests about groups to the shards that keep them. Any thread.</summary>
internal sealed class GroupCoordinator(
    CoordinatorRuntime<GroupShard> runtime, GroupSettings settings, int configuredPartitions,
    Func<MetadataImage> image) : IMetadataSubscriber
{
    private const string GroupVersion = "group.version";

    public GroupSettings Settings => settings;

    public CoordinatorRuntime<GroupShard> Runtime => runtime;

    public TopicsImage Topics => image().Topics;

    /// <summary>Whether the consumer protocol is served: the node's config and the cluster's features decide.</summary>
    public bool ServesConsumerProtocol =>
        settings.Protocols.Contains("consumer") && image().Features.LevelOf(GroupVersion) >= 1;

    /// <summary>The partition of the offsets topic that keeps a group.</summary>
    public int PartitionOf(string groupId) => CoordinatorPartition.Of(
        groupId,
        image().Topics.TryGet(TopicNames.ConsumerOffsets, out TopicImage? topic) && topic.Partitions.Count > 0
            ? topic.Partitions.Count
            : configuredPartitions);

    /// <summary>Runs an operation against a group's shard; errors are those that clients are told.</summary>
    public async Task<Outcome<T>> Run<T>(string groupId, Func<GroupShard, Reply<T>, Decision> operation)
        where T : class
    {
        Outcome<T> outcome = await runtime.Run(PartitionOf(groupId), operation);
        return outcome.Error == ErrorCode.None
            ? outcome
            : new Outcome<T>(AppendErrors.ForClients(outcome.Error), null);
    }

    public async Task<JoinGroupResponse> JoinAsync(JoinGroupRequest request, GroupClient client)
    {
        ErrorCode refusal = request.GroupId.Length == 0 ? ErrorCode.InvalidGroupId
            : request.SessionTimeoutMs < settings.MinSessionTimeoutMs
                || request.SessionTimeoutMs > settings.MaxSessionTimeoutMs ? ErrorCode.InvalidSessionTimeout
            : ErrorCode.None;
        if (refusal != ErrorCode.None)
        {
            return ClassicAnswers.JoinError(refusal, request.MemberId);
        }

        Outcome<JoinGroupResponse> outcome = await Run<JoinGroupResponse>(
            request.GroupId, (shard, reply) => ClassicDispatch.Join(shard, request, client, reply));
        return outcome.Value ?? ClassicAnswers.JoinError(outcome.Error, request.MemberId);
    }

    public async Task<SyncGroupResponse> SyncAsync(SyncGroupRequest request)
    {
        if (request.GroupId.Length == 0)
        {
            return ClassicAnswers.SyncError(ErrorCode.InvalidGroupId);
        }

        Outcome<SyncGroupResponse> outcome = await Run<SyncGroupResponse>(
            request.GroupId, (shard, reply) => ClassicDispatch.Sync(shard, request, reply));
        return outcome.Value ?? ClassicAnswers.SyncError(outcome.Error switch
        {
            // While the log is read, a group looks as if it rebalanced.
            ErrorCode.CoordinatorLoadInProgress => ErrorCode.RebalanceInProgress,
            var error => error,
        });
    }

    public async Task<ErrorCode> HeartbeatAsync(HeartbeatRequest request)
    {
        if (request.GroupId.Length == 0)
        {
            return ErrorCode.InvalidGroupId;
        }

        Outcome<HeartbeatResponse> outcome = await Run<HeartbeatResponse>(
            request.GroupId, (shard, reply) => ClassicDispatch.Heartbeat(shard, request, reply));

        // While the log is read, members are to go on as if nothing was.
        return outcome.Error == ErrorCode.CoordinatorLoadInProgress
            ? ErrorCode.None
            : outcome.Value?.ErrorCode ?? outcome.Error;
    }

    public async Task<LeaveGroupResponse> LeaveAsync(LeaveGroupRequest request)
    {
        if (request.GroupId.Length == 0)
        {
            return new LeaveGroupResponse { ErrorCode = ErrorCode.InvalidGroupId };
        }

        Outcome<LeaveGroupResponse> outcome = await Run<LeaveGroupResponse>(
            request.GroupId, (shard, reply) => ClassicDispatch.Leave(shard, request, reply));
        return outcome.Value ?? new LeaveGroupResponse { ErrorCode = outcome.Error };
    }

    public async Task<ConsumerGroupHeartbeatResponse> ConsumerHeartbeatAsync(
        ConsumerGroupHeartbeatRequest request, GroupClient client)
    {
        if (!ServesConsumerProtocol)
        {
            return new ConsumerGroupHeartbeatResponse
            {
                ErrorCode = ErrorCode.UnsupportedVersion,
                ErrorMessage = ErrorCodes.Message(ErrorCode.UnsupportedVersion),
            };
        }

        if (HeartbeatChecks.Check(request, client.Version, settings.ConsumerAssignors) is { } refusal)
        {
            return new ConsumerGroupHeartbeatResponse { ErrorCode = refusal.Error, ErrorMessage = refusal.Message };
        }

        Outcome<ConsumerGroupHeartbeatResponse> outcome = await Run<ConsumerGroupHeartbeatResponse>(
            request.GroupId, (shard, reply) => shard.Consumers.Heartbeat(
                shard.Find(request.GroupId), request, client, reply));
        return outcome.Value ?? new ConsumerGroupHeartbeatResponse { ErrorCode = outcome.Error };
    }

    public async Task<(ErrorCode Error, IReadOnlyList<ErrorCode> ByPartition)> CommitAsync(
        string groupId, CommitOrigin origin, IReadOnlyList<PartitionCommit> commits, long retentionMs,
        CommitTransaction? transaction)
    {
        ErrorCode refused = ErrorCode.None;
        Outcome<CommitOutcome> outcome = await Run<CommitOutcome>(groupId, (shard, reply) =>
        {
            refused = shard.CheckCommit(groupId, origin, commits);
            if (refused == ErrorCode.None)
            {
                return shard.Commits.Commit(groupId, commits, retentionMs, transaction, reply);
            }

            reply.Fail(refused);
            return Decision.Nothing;
        });
        return outcome.Value is { } value
            ? (ErrorCode.None, value.Errors)
            : (refused != ErrorCode.None ? refused : outcome.Error, []);
    }

    public async Task<OffsetAnswer> FetchAsync(OffsetQuery query)
    {
        Outcome<OffsetAnswer> outcome = await Run<OffsetAnswer>(
            query.GroupId, (shard, reply) => reply.Now(shard.Fetch(query)));
        return outcome.Value ?? OffsetAnswer.Failed(outcome.Error);
    }

    /// <summary>Topics that were deleted take their offsets along.</summary>
    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        if (delta.Topics.Deleted.Count == 0)
        {
            return;
        }

        IReadOnlyList<(string Name, Uuid Id)> deleted =
            [.. delta.Topics.Deleted.Values.Select(topic => (topic.Name, topic.Id))];
        runtime.RunOnAll(shard => new Decision(
            [.. deleted.SelectMany(topic => shard.Offsets.TombstonesOf(topic.Name, topic.Id))]));
    }
}
