using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Quotas;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Broker.Replication.Reading;
using KRaftSharp.Broker.Replication.Sessions;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// Fetch v4-18. v5 log start; v7 sessions (KIP-227); v9 leader epochs (KIP-320); v11 reading from followers
/// (KIP-392); v12 divergence (KIP-595); v13 topic ids; v15 the follower's broker epoch (KIP-903); v16 where the leader
/// is (KIP-951); v17 directory ids and v18 the follower's high watermark, which mean something to the quorum only.
/// </summary>
/// <param name="quotas">Null where consumers have none.</param>
internal sealed class FetchHandler(ReplicaManager replicas, ClientQuotas? quotas = null) : IRequestHandler
{
    private const short FirstVersionWithFollowerReads = 11;
    private const short FirstVersionWithIds = 13;
    private const short FirstVersionWithReplicaState = 15;
    private const short FirstVersionWithHints = 16;
    private const sbyte ReadUncommitted = 0;
    private const sbyte ReadCommitted = 1;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var fetch = (FetchRequest)request;
        short version = context.Version;
        if (fetch.IsolationLevel is not (ReadUncommitted or ReadCommitted))
        {
            return RefuseAll(fetch, version, ErrorCode.UnknownServerError);
        }

        bool hasReplicaState = version >= FirstVersionWithReplicaState;
        int replicaId = hasReplicaState ? fetch.ReplicaState.ReplicaId : fetch.ReplicaId;
        var parameters = new FetchParameters
        {
            ReplicaId = replicaId,
            ReplicaEpoch = hasReplicaState ? fetch.ReplicaState.ReplicaEpoch : -1,
            MaxWaitMs = fetch.MaxWaitMs,
            MinBytes = fetch.MinBytes,
            MaxBytes = Math.Min(fetch.MaxBytes, replicas.Options.FetchMaxBytes),
            IsReadCommitted = replicaId < 0 && fetch.IsolationLevel == ReadCommitted,
            MayReadFollower = replicaId < 0 && version >= FirstVersionWithFollowerReads,
            UsesTopicIds = version >= FirstVersionWithIds,
        };
        if (parameters.IsFollower)
        {
            context.ExemptFromQuotas();
        }
        else if (quotas is { Fetch.IsActive: true })
        {
            parameters = parameters with
            {
                MaxBytes = Math.Min(parameters.MaxBytes, quotas.MostFetchBytes(context)),
                Admit = bytes => quotas.AdmitFetch(context, bytes),
            };
        }

        FetchPlan plan = replicas.Sessions.Plan(fetch, version, context.ReceivedAtMs);
        if (plan.Error != ErrorCode.None)
        {
            return new FetchResponse { ErrorCode = plan.Error };
        }

        FetchOperation operation = replicas.Fetch(plan, parameters, context.ReceivedAtMs);
        FetchResponse response = await operation.Completion;
        foreach (IDisposable lease in operation.Leases)
        {
            context.OnResponseSent(lease);
        }

        if (version >= FirstVersionWithHints)
        {
            AddHints(context, response, parameters.IsFollower);
        }

        return response;
    }

    private void AddHints(RequestContext context, FetchResponse response, bool isFollower)
    {
        var hints = new LeaderHints(replicas, context.ListenerName);
        foreach (FetchResponse.FetchableTopicResponse topic in response.Responses)
        {
            foreach (FetchResponse.PartitionData data in topic.Partitions)
            {
                if (data.ErrorCode is not (ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch)
                    || !replicas.Image.Topics.TryGet(topic.TopicId, out TopicImage? image))
                {
                    continue;
                }

                (int leader, int epoch) = hints.LeaderOf(new TopicPartition(image.Name, data.PartitionIndex));
                data.CurrentLeader.LeaderId = leader;
                data.CurrentLeader.LeaderEpoch = epoch;
                if (!isFollower && !response.NodeEndpoints.Exists(node => node.NodeId == leader)
                    && hints.EndpointOf(leader) is { } found)
                {
                    response.NodeEndpoints.Add(new FetchResponse.NodeEndpoint
                    {
                        NodeId = leader,
                        Host = found.Endpoint.Host,
                        Port = found.Endpoint.Port,
                        Rack = found.Broker.Rack,
                    });
                }
            }
        }
    }

    private static FetchResponse RefuseAll(FetchRequest request, short version, ErrorCode error)
    {
        var response = new FetchResponse { ErrorCode = error };
        if (version >= FirstVersionWithIds)
        {
            return response;
        }

        foreach (FetchRequest.FetchTopic topic in request.Topics)
        {
            var answers = new FetchResponse.FetchableTopicResponse { Topic = topic.Topic };
            foreach (FetchRequest.FetchPartition partition in topic.Partitions)
            {
                answers.Partitions.Add(new FetchResponse.PartitionData
                {
                    PartitionIndex = partition.Partition,
                    ErrorCode = error,
                    HighWatermark = -1,
                    AbortedTransactions = [],
                    Records = ReadOnlyMemory<byte>.Empty,
                });
            }

            response.Responses.Add(answers);
        }

        return response;
    }
}
