using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Groups.Share;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Broker.Sharing;
using KRaftSharp.Broker.Sharing.Core;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// ShareAcknowledge v1-2 (KIP-932): a member says what became of records that it holds. v2 renewal of locks (KIP-1222).
/// </summary>
internal sealed class ShareAcknowledgeHandler(
    ShareGroups shares, ReplicaManager replicas, Func<MetadataImage> image) : IRequestHandler
{
    private const short WithRenewal = 2;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var acknowledge = (ShareAcknowledgeRequest)request;
        ErrorCode refusal = !shares.IsEnabled ? ErrorCode.UnsupportedVersion
            : acknowledge.GroupId is null || !ShareHeartbeatChecks.IsMemberId(acknowledge.MemberId)
                ? ErrorCode.InvalidRequest
            : ErrorCode.None;
        if (refusal != ErrorCode.None)
        {
            return new ShareAcknowledgeResponse { ErrorCode = refusal };
        }

        ShareAcknowledgements said = new(image(), context.Version >= WithRenewal, acknowledge.IsRenewAck);
        foreach (ShareAcknowledgeRequest.AcknowledgeTopic topic in acknowledge.Topics)
        {
            foreach (ShareAcknowledgeRequest.AcknowledgePartition partition in topic.Partitions)
            {
                said.Add(
                    new TopicIdPartition(topic.TopicId, partition.PartitionIndex),
                    partition.AcknowledgementBatches.ConvertAll(static batch => new Acknowledgement(
                        batch.FirstOffset, batch.LastOffset, batch.AcknowledgeTypes)));
            }
        }

        ShareAnswer answer = await shares.RunAsync(new ShareRequest
        {
            GroupId = acknowledge.GroupId!,
            MemberId = acknowledge.MemberId!,
            SessionEpoch = acknowledge.ShareSessionEpoch,
            ConnectionId = context.ConnectionId,
            ReceivedAtMs = context.ReceivedAtMs,
            Said = said.Said,
        });
        return answer.Error == ErrorCode.None
            ? Answer(context, answer, said)
            : new ShareAcknowledgeResponse { ErrorCode = answer.Error };
    }

    private ShareAcknowledgeResponse Answer(RequestContext context, ShareAnswer answer, ShareAcknowledgements said)
    {
        ShareAcknowledgeResponse response = new() { AcquisitionLockTimeoutMs = answer.LockMs };
        var hints = new LeaderHints(replicas, context.ListenerName);
        foreach ((TopicIdPartition partition, ShareError? error) in answer.Taken.Concat(said.Answered))
        {
            ShareAcknowledgeResponse.ShareAcknowledgeTopicResponse? topic =
                response.Responses.Find(topic => topic.TopicId == partition.TopicId);
            if (topic is null)
            {
                topic = new() { TopicId = partition.TopicId };
                response.Responses.Add(topic);
            }

            ShareAcknowledgeResponse.PartitionData data = new()
            {
                PartitionIndex = partition.Partition,
                ErrorCode = error?.Error ?? ErrorCode.None,
                ErrorMessage = error?.Message,
            };
            topic.Partitions.Add(data);
            if (data.ErrorCode == ErrorCode.NotLeaderOrFollower
                && image().Topics.TryGet(partition.TopicId, out TopicImage? known))
            {
                (data.CurrentLeader.LeaderId, data.CurrentLeader.LeaderEpoch) =
                    hints.LeaderOf(new TopicPartition(known.Name, partition.Partition));
                AddEndpoint(response, hints, data.CurrentLeader.LeaderId);
            }
        }

        return response;
    }

    private static void AddEndpoint(ShareAcknowledgeResponse response, LeaderHints hints, int leader)
    {
        if (!response.NodeEndpoints.Exists(node => node.NodeId == leader) && hints.EndpointOf(leader) is { } found)
        {
            response.NodeEndpoints.Add(new ShareAcknowledgeResponse.NodeEndpoint
            {
                NodeId = leader,
                Host = found.Endpoint.Host,
                Port = found.Endpoint.Port,
                Rack = found.Broker.Rack,
            });
        }
    }
}
