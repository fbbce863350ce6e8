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
/// ShareFetch v1-2 (KIP-932): a member says what became of its records and gets others. v2 strict limits (KIP-1206) and
/// renewal of locks (KIP-1222).
/// </summary>
internal sealed class ShareFetchHandler(
    ShareGroups shares, ReplicaManager replicas, Func<MetadataImage> image) : IRequestHandler
{
    private const short WithRenewal = 2;
    private const sbyte RecordLimit = 1;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var fetch = (ShareFetchRequest)request;
        if (WhyRefused(fetch) is var refusal && refusal != ErrorCode.None)
        {
            return new ShareFetchResponse { ErrorCode = refusal };
        }

        ShareAcknowledgements said = new(image(), context.Version >= WithRenewal, fetch.IsRenewAck);
        bool says = fetch.Topics.Exists(static topic => topic.Partitions.Exists(
            static partition => partition.AcknowledgementBatches.Count > 0));
        List<TopicIdPartition> wanted = [];
        foreach (ShareFetchRequest.FetchTopic topic in fetch.Topics)
        {
            foreach (ShareFetchRequest.FetchPartition partition in topic.Partitions)
            {
                TopicIdPartition name = new(topic.TopicId, partition.PartitionIndex);
                wanted.Add(name);
                if (says)
                {
                    said.Add(name, partition.AcknowledgementBatches.ConvertAll(static batch => new Acknowledgement(
                        batch.FirstOffset, batch.LastOffset, batch.AcknowledgeTypes)));
                }
            }
        }

        ShareAnswer answer = await shares.RunAsync(new ShareRequest
        {
            GroupId = fetch.GroupId!,
            MemberId = fetch.MemberId!,
            SessionEpoch = fetch.ShareSessionEpoch,
            ConnectionId = context.ConnectionId,
            ReceivedAtMs = context.ReceivedAtMs,
            Ask = AskOf(fetch),
            Wanted = wanted,
            Forgotten = [.. fetch.ForgottenTopicsData.SelectMany(static topic => topic.Partitions.Select(
                index => new TopicIdPartition(topic.TopicId, index)))],
            Said = said.Said,
            HasAcknowledgements = says,
        });
        if (answer.Error != ErrorCode.None)
        {
            return new ShareFetchResponse { ErrorCode = answer.Error };
        }

        ShareFetchResponse response = new() { AcquisitionLockTimeoutMs = answer.LockMs };
        AddParts(context, response, answer.Parts);
        foreach ((TopicIdPartition partition, ShareError? error) in answer.Taken.Concat(said.Answered))
        {
            ShareFetchResponse.PartitionData data = PartOf(response, partition);
            data.AcknowledgeErrorCode = (short)(error?.Error ?? ErrorCode.None);
            data.AcknowledgeErrorMessage = error?.Message;
        }

        return response;
    }

    private ErrorCode WhyRefused(ShareFetchRequest fetch)
    {
        if (!shares.IsEnabled)
        {
            return ErrorCode.UnsupportedVersion;
        }

        bool fetchesNothing =
            fetch is { MaxBytes: 0, MinBytes: 0, MaxRecords: 0, MaxWaitMs: 0 };
        return fetch.GroupId is null || !ShareHeartbeatChecks.IsMemberId(fetch.MemberId)
            || (fetch.IsRenewAck && !fetchesNothing)
            ? ErrorCode.InvalidRequest
            : ErrorCode.None;
    }

    private ShareFetchAsk AskOf(ShareFetchRequest fetch)
    {
        int maxBytes = Math.Min(fetch.MaxBytes, replicas.Options.FetchMaxBytes);
        return new ShareFetchAsk(
            fetch.MemberId!, fetch.MaxWaitMs, Math.Min(fetch.MinBytes, maxBytes), maxBytes, fetch.MaxRecords,
            fetch.BatchSize, fetch.ShareAcquireMode == RecordLimit);
    }

    private void AddParts(
        RequestContext context, ShareFetchResponse response, IReadOnlyList<SharePartResult> parts)
    {
        var hints = new LeaderHints(replicas, context.ListenerName);
        foreach (SharePartResult part in parts)
        {
            ShareFetchResponse.PartitionData data = PartOf(response, part.Partition);
            data.ErrorCode = part.Error;
            data.Records = part.Records;
            data.AcquiredRecords.AddRange(part.Acquired.Select(static range => new ShareFetchResponse.AcquiredRecords
            {
                FirstOffset = range.FirstOffset,
                LastOffset = range.LastOffset,
                DeliveryCount = (short)range.DeliveryCount,
            }));
            if (part.Lease is { } lease)
            {
                context.OnResponseSent(lease);
            }

            if (part.Error is ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch
                && image().Topics.TryGet(part.Partition.TopicId, out TopicImage? topic))
            {
                (data.CurrentLeader.LeaderId, data.CurrentLeader.LeaderEpoch) =
                    hints.LeaderOf(new TopicPartition(topic.Name, part.Partition.Partition));
                AddEndpoint(response, hints, data.CurrentLeader.LeaderId);
            }
        }
    }

    private static void AddEndpoint(ShareFetchResponse response, LeaderHints hints, int leader)
    {
        if (!response.NodeEndpoints.Exists(node => node.NodeId == leader) && hints.EndpointOf(leader) is { } found)
        {
            response.NodeEndpoints.Add(new ShareFetchResponse.NodeEndpoint
            {
                NodeId = leader,
                Host = found.Endpoint.Host,
                Port = found.Endpoint.Port,
                Rack = found.Broker.Rack,
            });
        }
    }

    /// <summary>The part of an answer that is about a partition; new if there is none yet.</summary>
    private static ShareFetchResponse.PartitionData PartOf(ShareFetchResponse response, TopicIdPartition partition)
    {
        ShareFetchResponse.ShareFetchableTopicResponse? topic =
            response.Responses.Find(topic => topic.TopicId == partition.TopicId);
        if (topic is null)
        {
            topic = new() { TopicId = partition.TopicId };
            response.Responses.Add(topic);
        }

        ShareFetchResponse.PartitionData? data =
            topic.Partitions.Find(data => data.PartitionIndex == partition.Partition);
        if (data is null)
        {
            data = new() { PartitionIndex = partition.Partition, Records = ReadOnlyMemory<byte>.Empty };
            topic.Partitions.Add(data);
        }

        return data;
    }
}
