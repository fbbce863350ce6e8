using KRaftSharp.Broker.Groups.Streams;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// StreamsGroupTopologyDescriptionUpdate v0: for a plugin that keeps descriptions of topologies. Plugins are Java
/// classes, so this broker has none, and says so as a Kafka broker without one does.
/// </summary>
internal sealed class StreamsGroupTopologyDescriptionUpdateHandler(StreamsCoordinator groups) : IRequestHandler
{
    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        new(new StreamsGroupTopologyDescriptionUpdateResponse
        {
            ErrorCode = ErrorCode.UnsupportedVersion,
            ErrorMessage = groups.IsEnabled
                ? "The broker has no streams group topology description plugin configured."
                : ErrorCodes.Message(ErrorCode.UnsupportedVersion),
        });
}
