using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Quorum.Controller;

/// <summary>The answer to a request that failed as a whole, in the shape each API has for it.</summary>
internal static class ControllerResponses
{
    public static IApiMessage Failure(IApiMessage request, ApiError error) => request switch
    {
        BrokerRegistrationRequest => new BrokerRegistrationResponse { ErrorCode = error.Code },
        BrokerHeartbeatRequest => new BrokerHeartbeatResponse { ErrorCode = error.Code },
        UnregisterBrokerRequest => new UnregisterBrokerResponse
        {
            ErrorCode = error.Code,
            ErrorMessage = error.MessageOrWords,
        },
        ControllerRegistrationRequest => new ControllerRegistrationResponse
        {
            ErrorCode = error.Code,
            ErrorMessage = error.MessageOrWords,
        },
        UnregisterControllerRequest => new UnregisterControllerResponse
        {
            ErrorCode = error.Code,
            ErrorMessage = error.MessageOrWords,
        },
        AlterPartitionRequest => new AlterPartitionResponse { ErrorCode = error.Code },
        AllocateProducerIdsRequest => new AllocateProducerIdsResponse { ErrorCode = error.Code },
        AssignReplicasToDirsRequest => new AssignReplicasToDirsResponse { ErrorCode = error.Code },
        UpdateFeaturesRequest => new UpdateFeaturesResponse
        {
            ErrorCode = error.Code,
            ErrorMessage = error.MessageOrWords,
        },
        AlterPartitionReassignmentsRequest => new AlterPartitionReassignmentsResponse
        {
            ErrorCode = error.Code,
            ErrorMessage = error.MessageOrWords,
        },
        ListPartitionReassignmentsRequest => new ListPartitionReassignmentsResponse
        {
            ErrorCode = error.Code,
            ErrorMessage = error.MessageOrWords,
        },
        AlterClientQuotasRequest quotas => ClientResponses.Failure(quotas, error),
        AlterUserScramCredentialsRequest scram => ClientResponses.Failure(scram, error),
        CreateTopicsRequest topics => Failure(topics, error),
        DeleteTopicsRequest topics => Failure(topics, error),
        CreatePartitionsRequest topics => Failure(topics, error),
        IncrementalAlterConfigsRequest configs => Failure(configs, error),
        AlterConfigsRequest configs => Failure(configs, error),
        ElectLeadersRequest election => Failure(election, error),
        _ => throw new ArgumentException($"{request.Key} is not for the controller.", nameof(request)),
    };

    private static CreateTopicsResponse Failure(CreateTopicsRequest request, ApiError error) => new()
    {
        Topics =
        [
            .. request.Topics.DistinctBy(topic => topic.Name).Select(topic =>
                new CreateTopicsResponse.CreatableTopicResult
                {
                    Name = topic.Name,
                    ErrorCode = error.Code,
                    ErrorMessage = error.Message,
                    NumPartitions = -1,
                    ReplicationFactor = -1,
                }),
        ],
    };

    private static DeleteTopicsResponse Failure(DeleteTopicsRequest request, ApiError error) => new()
    {
        Responses =
        [
            .. request.Topics.Select(topic => (topic.Name, topic.TopicId))
                .Concat(request.TopicNames.Select(name => ((string?)name, Uuid.Zero)))
                .Distinct()
                .Select(topic => new DeleteTopicsResponse.DeletableTopicResult
                {
                    Name = topic.Item1!,
                    TopicId = topic.Item2,
                    ErrorCode = error.Code,
                    ErrorMessage = error.Message,
                }),
        ],
    };

    private static CreatePartitionsResponse Failure(CreatePartitionsRequest request, ApiError error) => new()
    {
        Results =
        [
            .. request.Topics.DistinctBy(topic => topic.Name).Select(topic =>
                new CreatePartitionsResponse.CreatePartitionsTopicResult
                {
                    Name = topic.Name,
                    ErrorCode = error.Code,
                    ErrorMessage = error.Message,
                }),
        ],
    };

    private static IncrementalAlterConfigsResponse Failure(IncrementalAlterConfigsRequest request, ApiError error) =>
        new()
        {
            Responses =
            [
                .. request.Resources.Select(resource =>
                    new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse
                    {
                        ResourceType = resource.ResourceType,
                        ResourceName = resource.ResourceName,
                        ErrorCode = error.Code,
                        ErrorMessage = error.Message,
                    }),
            ],
        };

    private static AlterConfigsResponse Failure(AlterConfigsRequest request, ApiError error) => new()
    {
        Responses =
        [
            .. request.Resources.Select(resource => new AlterConfigsResponse.AlterConfigsResourceResponse
            {
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
                ErrorCode = error.Code,
                ErrorMessage = error.Message,
            }),
        ],
    };

    private static ElectLeadersResponse Failure(ElectLeadersRequest request, ApiError error) => new()
    {
        ErrorCode = error.Code,
        ReplicaElectionResults =
        [
            .. (request.TopicPartitions ?? []).Select(topic => new ElectLeadersResponse.ReplicaElectionResult
            {
                Topic = topic.Topic,
                PartitionResult =
                [
                    .. topic.Partitions.Select(partition =>
                        new ElectLeadersResponse.PartitionResult
                        {
                            PartitionId = partition,
                            ErrorCode = error.Code,
                            ErrorMessage = error.MessageOrWords,
                        }),
                ],
            }),
        ],
    };
}
