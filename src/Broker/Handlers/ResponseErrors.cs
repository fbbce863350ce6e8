using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>Error codes in the responses of what the controller decides.</summary>
internal static class ResponseErrors
{
    /// <summary>The error of the whole response; None where it has none or tells errors by item.</summary>
    public static ErrorCode TopLevel(IApiMessage response) => response switch
    {
        BrokerRegistrationResponse registration => registration.ErrorCode,
        BrokerHeartbeatResponse heartbeat => heartbeat.ErrorCode,
        ControllerRegistrationResponse registration => registration.ErrorCode,
        AlterPartitionResponse alter => alter.ErrorCode,
        AllocateProducerIdsResponse allocate => allocate.ErrorCode,
        AssignReplicasToDirsResponse assign => assign.ErrorCode,
        EnvelopeResponse envelope => envelope.ErrorCode,
        ElectLeadersResponse elect => elect.ErrorCode,
        UpdateFeaturesResponse update => update.ErrorCode,
        UnregisterBrokerResponse unregister => unregister.ErrorCode,
        UnregisterControllerResponse unregister => unregister.ErrorCode,
        DescribeQuorumResponse describe => describe.ErrorCode,
        AddRaftVoterResponse add => add.ErrorCode,
        RemoveRaftVoterResponse remove => remove.ErrorCode,
        AlterPartitionReassignmentsResponse alter => alter.ErrorCode,
        ListPartitionReassignmentsResponse list => list.ErrorCode,
        _ => ErrorCode.None,
    };

    /// <summary>True when the response, or one of its items, says that this is not the active controller.</summary>
    public static bool SaysNotController(IApiMessage response) => response switch
    {
        CreateTopicsResponse create => create.Topics.Any(topic => topic.ErrorCode == ErrorCode.NotController),
        DeleteTopicsResponse delete => delete.Responses.Any(topic => topic.ErrorCode == ErrorCode.NotController),
        CreatePartitionsResponse create => create.Results.Any(topic => topic.ErrorCode == ErrorCode.NotController),
        IncrementalAlterConfigsResponse alter =>
            alter.Responses.Any(resource => resource.ErrorCode == ErrorCode.NotController),
        AlterConfigsResponse alter => alter.Responses.Any(resource => resource.ErrorCode == ErrorCode.NotController),
        AlterClientQuotasResponse alter => alter.Entries.Any(entry => entry.ErrorCode == ErrorCode.NotController),
        AlterUserScramCredentialsResponse alter =>
            alter.Results.Any(result => result.ErrorCode == ErrorCode.NotController),
        _ => TopLevel(response) == ErrorCode.NotController,
    };

    /// <summary>
    /// The response that tells <paramref name="error"/> for everything that was asked; null for requests that are not
    /// forwarded.
    /// </summary>
    public static IApiMessage? For(IApiMessage request, ErrorCode error, short version)
    {
        string message = ErrorCodes.Message(error);
        return request switch
        {
            CreateTopicsRequest create => ForCreateTopics(create, error, message),
            DeleteTopicsRequest delete => ForDeleteTopics(delete, error, message, version),
            CreatePartitionsRequest create => ForCreatePartitions(create, error, message),
            IncrementalAlterConfigsRequest alter => ForIncrementalAlterConfigs(alter, error, message),
            AlterConfigsRequest alter => ForAlterConfigs(alter, error, message),
            ElectLeadersRequest elect => ForElectLeaders(elect, error, message),
            UpdateFeaturesRequest => new UpdateFeaturesResponse { ErrorCode = error, ErrorMessage = message },
            UnregisterBrokerRequest => new UnregisterBrokerResponse { ErrorCode = error, ErrorMessage = message },
            UnregisterControllerRequest =>
                new UnregisterControllerResponse { ErrorCode = error, ErrorMessage = message },
            DescribeQuorumRequest => new DescribeQuorumResponse { ErrorCode = error, ErrorMessage = message },
            AddRaftVoterRequest => new AddRaftVoterResponse { ErrorCode = error, ErrorMessage = message },
            RemoveRaftVoterRequest => new RemoveRaftVoterResponse { ErrorCode = error, ErrorMessage = message },
            AlterPartitionReassignmentsRequest =>
                new AlterPartitionReassignmentsResponse { ErrorCode = error, ErrorMessage = message },
            ListPartitionReassignmentsRequest =>
                new ListPartitionReassignmentsResponse { ErrorCode = error, ErrorMessage = message },
            AlterClientQuotasRequest alter => ClientErrors.For(alter, error, message),
            AlterUserScramCredentialsRequest alter => ClientErrors.For(alter, error, message),
            AllocateProducerIdsRequest => new AllocateProducerIdsResponse { ErrorCode = error },
            _ => null,
        };
    }

    private static CreateTopicsResponse ForCreateTopics(CreateTopicsRequest request, ErrorCode error, string message)
    {
        CreateTopicsResponse response = new();
        foreach (CreateTopicsRequest.CreatableTopic topic in request.Topics)
        {
            response.Topics.Add(new CreateTopicsResponse.CreatableTopicResult
            {
                Name = topic.Name,
                ErrorCode = error,
                ErrorMessage = message,
            });
        }

        return response;
    }

    private static DeleteTopicsResponse ForDeleteTopics(
        DeleteTopicsRequest request, ErrorCode error, string message, short version)
    {
        DeleteTopicsResponse response = new();
        if (version >= 6)
        {
            foreach (DeleteTopicsRequest.DeleteTopicState topic in request.Topics)
            {
                response.Responses.Add(new DeleteTopicsResponse.DeletableTopicResult
                {
                    Name = topic.Name,
                    TopicId = topic.TopicId,
                    ErrorCode = error,
                    ErrorMessage = message,
                });
            }

            return response;
        }

        foreach (string name in request.TopicNames)
        {
            response.Responses.Add(new DeleteTopicsResponse.DeletableTopicResult
            {
                Name = name,
                ErrorCode = error,
                ErrorMessage = message,
            });
        }

        return response;
    }

    private static CreatePartitionsResponse ForCreatePartitions(
        CreatePartitionsRequest request, ErrorCode error, string message)
    {
        CreatePartitionsResponse response = new();
        foreach (CreatePartitionsRequest.CreatePartitionsTopic topic in request.Topics)
        {
            response.Results.Add(new CreatePartitionsResponse.CreatePartitionsTopicResult
            {
                Name = topic.Name,
                ErrorCode = error,
                ErrorMessage = message,
            });
        }

        return response;
    }

    private static IncrementalAlterConfigsResponse ForIncrementalAlterConfigs(
        IncrementalAlterConfigsRequest request, ErrorCode error, string message)
    {
        IncrementalAlterConfigsResponse response = new();
        foreach (IncrementalAlterConfigsRequest.AlterConfigsResource resource in request.Resources)
        {
            response.Responses.Add(new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse
            {
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
                ErrorCode = error,
                ErrorMessage = message,
            });
        }

        return response;
    }

    private static AlterConfigsResponse ForAlterConfigs(AlterConfigsRequest request, ErrorCode error, string message)
    {
        AlterConfigsResponse response = new();
        foreach (AlterConfigsRequest.AlterConfigsResource resource in request.Resources)
        {
            response.Responses.Add(new AlterConfigsResponse.AlterConfigsResourceResponse
            {
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
                ErrorCode = error,
                ErrorMessage = message,
            });
        }

        return response;
    }

    private static ElectLeadersResponse ForElectLeaders(ElectLeadersRequest request, ErrorCode error, string message)
    {
        ElectLeadersResponse response = new() { ErrorCode = error };
        foreach (ElectLeadersRequest.TopicPartitionsValue topic in request.TopicPartitions ?? [])
        {
            ElectLeadersResponse.ReplicaElectionResult result = new() { Topic = topic.Topic };
            foreach (int partition in topic.Partitions)
            {
                result.PartitionResult.Add(new ElectLeadersResponse.PartitionResult
                {
                    PartitionId = partition,
                    ErrorCode = error,
                    ErrorMessage = message,
                });
            }

            response.ReplicaElectionResults.Add(result);
        }

        return response;
    }
}
