using KRaftSharp.Broker.Groups.Share;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Sharing;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>DeleteShareGroupOffsets v0 (KIP-932): an empty share group forgets topics.</summary>
internal sealed class DeleteShareGroupOffsetsHandler(ShareGroupOffsets offsets, ShareGroups shares) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        shares.IsEnabled
            ? await offsets.DeleteAsync((DeleteShareGroupOffsetsRequest)request)
            : new DeleteShareGroupOffsetsResponse
            {
                ErrorCode = ErrorCode.UnsupportedVersion,
                ErrorMessage = ErrorCodes.Message(ErrorCode.UnsupportedVersion),
            };
}
