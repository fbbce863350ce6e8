using KRaftSharp.Broker.Groups.Streams;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>StreamsGroupDescribe v0-1 (KIP-1071). v1 assignors, and descriptions of topologies, of which this broker
/// keeps none.</summary>
internal sealed class StreamsGroupDescribeHandler(StreamsCoordinator groups) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var describe = (StreamsGroupDescribeRequest)request;
        StreamsGroupDescribeResponse response = new();
        foreach (string groupId in describe.GroupIds)
        {
            StreamsGroupDescribeResponse.DescribedGroup described =
                await groups.DescribeAsync(groupId, describe.IncludeTopologyDescription);
            if (describe.IncludeAuthorizedOperations && described.ErrorCode == ErrorCode.None)
            {
                described.AuthorizedOperations = AuthorizedOperations.OfGroup;
            }

            response.Groups.Add(described);
        }

        return response;
    }
}
