using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Controller;

namespace KRaftSharp.Broker.Handlers;

/// <summary>Whatever the active controller decides; all versions.</summary>
internal sealed class ControllerHandler(QuorumController controller) : IRequestHandler
{
    private const int DefaultTimeoutMs = 60_000;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        ControllerRequestContext asked = new(
            context.Version, context.ConnectionId, context.ClientId, context.Principal,
            context.ReceivedAtMs + TimeoutOf(request));
        return await controller.HandleAsync(asked, request);
    }

    private static int TimeoutOf(IApiMessage request) => request switch
    {
        CreateTopicsRequest create => create.TimeoutMs,
        DeleteTopicsRequest delete => delete.TimeoutMs,
        CreatePartitionsRequest create => create.TimeoutMs,
        ElectLeadersRequest elect => elect.TimeoutMs,
        AlterPartitionReassignmentsRequest alter => alter.TimeoutMs,
        ListPartitionReassignmentsRequest list => list.TimeoutMs,
        UpdateFeaturesRequest update => update.TimeoutMs,
        _ => DefaultTimeoutMs,
    };
}
