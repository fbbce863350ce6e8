using KRaftSharp.Broker.Groups.Streams;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// StreamsGroupHeartbeat v0-1 (KIP-1071): the heartbeat of a stream thread. Internal topics that its topology lacks are
/// created in the client's name. v1 tags that members lack, and a recovery lag of 64 bits.
/// </summary>
internal sealed class StreamsGroupHeartbeatHandler(StreamsCoordinator groups, StreamsTopicCreator creator)
    : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var heartbeat = (StreamsGroupHeartbeatRequest)request;
        StreamsHeartbeatResult result = await groups.HeartbeatAsync(heartbeat, GroupClients.Of(context));
        if (result.MissingTopics.Count > 0)
        {
            creator.Create(result, heartbeat.GroupId, context);
        }

        return result.Response;
    }
}
