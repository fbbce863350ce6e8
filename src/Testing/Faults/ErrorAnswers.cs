using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Testing.Faults;

/// <summary>The answer that refuses all of a request with one error.</summary>
internal static class ErrorAnswers
{
    /// <exception cref="NotSupportedException">The request is none that clients make often.</exception>
    public static IApiMessage To(IApiMessage request, ErrorCode error) => request switch
    {
        ProduceRequest produce => Produce(produce, error),
        FetchRequest => new FetchResponse { ErrorCode = error },
        ListOffsetsRequest list => ListOffsets(list, error),
        MetadataRequest metadata => Metadata(metadata, error),
        OffsetCommitRequest commit => OffsetCommit(commit, error),
        OffsetFetchRequest fetch => OffsetFetch(fetch, error),
        FindCoordinatorRequest find => FindCoordinator(find, error),
        CreateTopicsRequest create => CreateTopics(create, error),
        TxnOffsetCommitRequest commit => TxnOffsetCommit(commit, error),
        JoinGroupRequest join => new JoinGroupResponse
        {
            ErrorCode = error,
            MemberId = join.MemberId,
            ProtocolName = "",
        },
        SyncGroupRequest => new SyncGroupResponse { ErrorCode = error },
        HeartbeatRequest => new HeartbeatResponse { ErrorCode = error },
        LeaveGroupRequest => new LeaveGroupResponse { ErrorCode = error },
        ConsumerGroupHeartbeatRequest => new ConsumerGroupHeartbeatResponse { ErrorCode = error },
        ShareGroupHeartbeatRequest => new ShareGroupHeartbeatResponse { ErrorCode = error },
        ShareFetchRequest => new ShareFetchResponse { ErrorCode = error },
        ShareAcknowledgeRequest => new ShareAcknowledgeResponse { ErrorCode = error },
        InitProducerIdRequest => new InitProducerIdResponse { ErrorCode = error },
        AddOffsetsToTxnRequest => new AddOffsetsToTxnResponse { ErrorCode = error },
        EndTxnRequest => new EndTxnResponse { ErrorCode = error },
        _ => throw new NotSupportedException($"{request.Key} has no answer for an injected error: drop or delay it"),
    };

    private static ProduceResponse Produce(ProduceRequest request, ErrorCode error)
    {
        ProduceResponse answer = new();
        foreach (ProduceRequest.TopicProduceData topic in request.TopicData)
        {
            ProduceResponse.TopicProduceResponse refused = new() { Name = topic.Name, TopicId = topic.TopicId };
            refused.PartitionResponses.AddRange(topic.PartitionData.Select(
                partition => new ProduceResponse.PartitionProduceResponse
                {
                    Index = partition.Index,
                    ErrorCode = error,
                    BaseOffset = -1,
                }));
            answer.Responses.Add(refused);
        }

        return answer;
    }

    private static ListOffsetsResponse ListOffsets(ListOffsetsRequest request, ErrorCode error)
    {
        ListOffsetsResponse answer = new();
        foreach (ListOffsetsRequest.ListOffsetsTopic topic in request.Topics)
        {
            ListOffsetsResponse.ListOffsetsTopicResponse refused = new() { Name = topic.Name };
            refused.Partitions.AddRange(topic.Partitions.Select(
                partition => new ListOffsetsResponse.ListOffsetsPartitionResponse
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = error,
                }));
            answer.Topics.Add(refused);
        }

        return answer;
    }

    private static MetadataResponse Metadata(MetadataRequest request, ErrorCode error)
    {
        MetadataResponse answer = new();
        answer.Topics.AddRange((request.Topics ?? []).Select(topic => new MetadataResponse.MetadataResponseTopic
        {
            Name = topic.Name,
            TopicId = topic.TopicId,
            ErrorCode = error,
        }));
        return answer;
    }

    private static OffsetCommitResponse OffsetCommit(OffsetCommitRequest request, ErrorCode error)
    {
        OffsetCommitResponse answer = new();
        foreach (OffsetCommitRequest.OffsetCommitRequestTopic topic in request.Topics)
        {
            OffsetCommitResponse.OffsetCommitResponseTopic refused = new()
            {
                Name = topic.Name,
                TopicId = topic.TopicId,
            };
            refused.Partitions.AddRange(topic.Partitions.Select(
                partition => new OffsetCommitResponse.OffsetCommitResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = error,
                }));
            answer.Topics.Add(refused);
        }

        return answer;
    }

    private static OffsetFetchResponse OffsetFetch(OffsetFetchRequest request, ErrorCode error)
    {
        // Before version 8 there is one group, and its error stands for itself.
        OffsetFetchResponse answer = new() { ErrorCode = request.Groups.Count == 0 ? error : ErrorCode.None };
        answer.Groups.AddRange(request.Groups.Select(group => new OffsetFetchResponse.OffsetFetchResponseGroup
        {
            GroupId = group.GroupId,
            ErrorCode = error,
        }));
        return answer;
    }

    private static FindCoordinatorResponse FindCoordinator(FindCoordinatorRequest request, ErrorCode error)
    {
        FindCoordinatorResponse answer = new()
        {
            ErrorCode = request.CoordinatorKeys.Count == 0 ? error : ErrorCode.None,
        };
        answer.Coordinators.AddRange(request.CoordinatorKeys.Select(key => new FindCoordinatorResponse.Coordinator
        {
            Key = key,
            NodeId = -1,
            Port = -1,
            ErrorCode = error,
        }));
        return answer;
    }

    private static CreateTopicsResponse CreateTopics(CreateTopicsRequest request, ErrorCode error)
    {
        CreateTopicsResponse answer = new();
        answer.Topics.AddRange(request.Topics.Select(topic => new CreateTopicsResponse.CreatableTopicResult
        {
            Name = topic.Name,
            ErrorCode = error,
        }));
        return answer;
    }

    private static TxnOffsetCommitResponse TxnOffsetCommit(TxnOffsetCommitRequest request, ErrorCode error)
    {
        TxnOffsetCommitResponse answer = new();
        foreach (TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic topic in request.Topics)
        {
            TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic refused = new()
            {
                Name = topic.Name,
                TopicId = topic.TopicId,
            };
            refused.Partitions.AddRange(topic.Partitions.Select(
                partition => new TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = error,
                }));
            answer.Topics.Add(refused);
        }

        return answer;
    }
}
