using KRaftSharp.Broker.Groups.Share;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Sharing;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>AlterShareGroupOffsets v0 (KIP-932): an empty share group begins elsewhere.</summary>
internal sealed class AlterShareGroupOffsetsHandler(ShareGroupOffsets offsets, ShareGroups shares) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        shares.IsEnabled
            ? await offsets.AlterAsync((AlterShareGroupOffsetsRequest)request)
            : new AlterShareGroupOffsetsResponse
            {
                ErrorCode = ErrorCode.UnsupportedVersion,
                ErrorMessage = ErrorCodes.Message(ErrorCode.UnsupportedVersion),
            };
}
