using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>ConsumerGroupDescribe v0-1 (KIP-848). v1 member types.</summary>
internal sealed class ConsumerGroupDescribeHandler(GroupAdmin groups) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var describe = (ConsumerGroupDescribeRequest)request;
        ConsumerGroupDescribeResponse response = new();
        foreach (string groupId in describe.GroupIds)
        {
            ConsumerGroupDescribeResponse.DescribedGroup described = await groups.DescribeConsumerAsync(groupId);
            if (describe.IncludeAuthorizedOperations && described.ErrorCode == ErrorCode.None)
            {
                described.AuthorizedOperations = AuthorizedOperations.OfGroup;
            }

            response.Groups.Add(described);
        }

        return response;
    }
}
