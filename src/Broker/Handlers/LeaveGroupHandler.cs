using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>LeaveGroup v0-5. v3 several members, static ones by their instance; v5 reasons.</summary>
internal sealed class LeaveGroupHandler(GroupCoordinator groups) : IRequestHandler
{
    private const short WithSeveralMembers = 3;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var leave = (LeaveGroupRequest)request;
        bool isSingle = context.Version < WithSeveralMembers;
        if (isSingle)
        {
            leave.Members = [new LeaveGroupRequest.MemberIdentity { MemberId = leave.MemberId }];
        }

        LeaveGroupResponse response = await groups.LeaveAsync(leave);
        if (isSingle && response.Members.Count > 0)
        {
            response.ErrorCode = response.Members[0].ErrorCode;
            response.Members = [];
        }

        return response;
    }
}
