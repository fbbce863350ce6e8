using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Offsets;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// TxnOffsetCommit v0-6: offsets that count once their transaction is committed. v2 leader epochs and retriable
/// loading; v3 members (KIP-447); v5 joins the transaction by itself (KIP-890); v6 topic ids.
/// </summary>
internal sealed class TxnOffsetCommitHandler(
    GroupCoordinator groups, PartitionVerifier verifier, Func<MetadataImage> image) : IRequestHandler
{
    private const short FirstVersionWithLoading = 2;
    private const short FirstVersionWithAbortable = 4;
    private const short FirstVersionWithAdding = 5;
    private const short FirstVersionWithIds = 6;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var commit = (TxnOffsetCommitRequest)request;
        TxnOffsetCommitResponse response = new();
        List<PartitionCommit> commits = [];
        List<TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition> open = [];
        TopicsImage topics = image().Topics;
        foreach (TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic topic in commit.Topics)
        {
            TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic answer =
                new() { Name = topic.Name, TopicId = topic.TopicId };
            response.Topics.Add(answer);
            bool hasId = context.Version >= FirstVersionWithIds;
            bool isKnown = hasId
                ? topics.TryGet(topic.TopicId, out TopicImage? known)
                : topics.TryGet(topic.Name, out known);
            foreach (TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition partition in topic.Partitions)
            {
                TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition result =
                    new() { PartitionIndex = partition.PartitionIndex };
                answer.Partitions.Add(result);
                if (!isKnown || !known!.Partitions.ContainsKey(partition.PartitionIndex))
                {
                    result.ErrorCode = !isKnown && hasId
                        ? ErrorCode.UnknownTopicId
                        : ErrorCode.UnknownTopicOrPartition;
                    continue;
                }

                open.Add(result);
                commits.Add(new PartitionCommit(
                    new TopicPartition(known.Name, partition.PartitionIndex), known.Id, partition.CommittedOffset,
                    partition.CommittedLeaderEpoch, partition.CommittedMetadata ?? ""));
            }
        }

        if (open.Count > 0)
        {
            (ErrorCode error, IReadOnlyList<ErrorCode> byPartition) =
                await CommitAsync(commit, context.Version, commits);
            for (int i = 0; i < open.Count; i++)
            {
                open[i].ErrorCode = ForClient(error == ErrorCode.None ? byPartition[i] : error, context.Version);
            }
        }

        return response;
    }

    private async Task<(ErrorCode Error, IReadOnlyList<ErrorCode> ByPartition)> CommitAsync(
        TxnOffsetCommitRequest commit, short version, List<PartitionCommit> commits)
    {
        if (commit.GroupId.Length == 0)
        {
            return (ErrorCode.InvalidGroupId, []);
        }

        int shard = groups.PartitionOf(commit.GroupId);
        ErrorCode status = groups.Runtime.StatusOf(shard);
        if (status != ErrorCode.None)
        {
            return (status, []);
        }

        long? verification = null;
        bool adds = version >= FirstVersionWithAdding;
        if (verifier.IsNeeded(adds))
        {
            (ErrorCode error, verification) = await VerifyAsync(commit, version, shard, adds);
            if (error != ErrorCode.None)
            {
                return (error, []);
            }
        }

        CommitOrigin origin = new(
            commit.MemberId, commit.GroupInstanceId, commit.GenerationIdOrMemberEpoch, true, version);
        (ErrorCode failed, IReadOnlyList<ErrorCode> byPartition) = await groups.CommitAsync(
            commit.GroupId, origin, commits, -1,
            new CommitTransaction(new ProducerStamp(commit.ProducerId, commit.ProducerEpoch), verification));
        return (AppendErrors.ForClients(failed), byPartition);
    }

    /// <summary>Whether the offsets may be written as part of the transaction, and what the append has to bring.
    /// </summary>
    private async Task<(ErrorCode Error, long? Verification)> VerifyAsync(
        TxnOffsetCommitRequest commit, short version, int shard, bool adds)
    {
        if (groups.Runtime.ReplicaOf(shard) is not { } replica)
        {
            return (ErrorCode.NotCoordinator, null);
        }

        long token = await PartitionVerifier.StartAsync(
            replica, commit.ProducerId, commit.ProducerEpoch, RecordBatchLayout.NoSequence, adds);
        if (token == 0)
        {
            return (ErrorCode.None, token);
        }

        PartitionErrors verified = await verifier.CheckAsync(
            new ProducerRequest(commit.TransactionalId, commit.ProducerId, commit.ProducerEpoch),
            [replica.TopicPartition],
            adds,
            knowsAbortable: version >= FirstVersionWithAbortable);
        ErrorCode error = verified.Errors[0].Error;
        return (error == ErrorCode.NetworkException ? ErrorCode.CoordinatorLoadInProgress : error, token);
    }

    private static ErrorCode ForClient(ErrorCode error, short version) =>
        error == ErrorCode.CoordinatorLoadInProgress && version < FirstVersionWithLoading
            ? ErrorCode.CoordinatorNotAvailable
            : error;
}
