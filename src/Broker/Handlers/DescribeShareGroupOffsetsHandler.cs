using KRaftSharp.Broker.Groups.Share;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Sharing;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>DescribeShareGroupOffsets v0-1 (KIP-932). v1 the lag (KIP-1226).</summary>
internal sealed class DescribeShareGroupOffsetsHandler(ShareGroupOffsets offsets, ShareGroups shares) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        DescribeShareGroupOffsetsResponse response = new();
        foreach (var group in ((DescribeShareGroupOffsetsRequest)request).Groups)
        {
            response.Groups.Add(shares.IsEnabled
                ? await offsets.DescribeAsync(
                    group.GroupId,
                    group.Topics?.ConvertAll(topic => (topic.TopicName, (IReadOnlyList<int>)topic.Partitions)))
                : new()
                {
                    GroupId = group.GroupId,
                    ErrorCode = ErrorCode.UnsupportedVersion,
                    ErrorMessage = ErrorCodes.Message(ErrorCode.UnsupportedVersion),
                });
        }

        return response;
    }
}
