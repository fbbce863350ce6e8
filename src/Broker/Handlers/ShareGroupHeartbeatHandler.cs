using KRaftSharp.Broker.Groups.Share;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Sharing;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>ShareGroupHeartbeat v1 (KIP-932): a member of a share group comes, stays or leaves.</summary>
internal sealed class ShareGroupHeartbeatHandler(ShareGroupCoordinator groups, ShareGroups shares) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        shares.IsEnabled
            ? await groups.HeartbeatAsync((ShareGroupHeartbeatRequest)request, GroupClients.Of(context))
            : new ShareGroupHeartbeatResponse
            {
                ErrorCode = ErrorCode.UnsupportedVersion,
                ErrorMessage = ErrorCodes.Message(ErrorCode.UnsupportedVersion),
            };
}
