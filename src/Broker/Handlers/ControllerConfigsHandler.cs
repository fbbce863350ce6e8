using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>IncrementalAlterConfigs v0-1 on the controller's listener: this node's loggers are set here, the rest is
/// decided by the active controller.</summary>
internal sealed class ControllerConfigsHandler(IRequestHandler decided, NodeLoggers loggers) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        IncrementalAlterConfigsRequest asked = (IncrementalAlterConfigsRequest)request;
        if (!asked.Resources.Exists(IsLogger))
        {
            return await decided.HandleAsync(context, request);
        }

        IncrementalAlterConfigsRequest rest = new() { ValidateOnly = asked.ValidateOnly };
        rest.Resources.AddRange(asked.Resources.Where(resource => !IsLogger(resource)));
        IncrementalAlterConfigsResponse response = rest.Resources.Count == 0
            ? new IncrementalAlterConfigsResponse()
            : (IncrementalAlterConfigsResponse)(await decided.HandleAsync(context, rest))!;
        foreach (IncrementalAlterConfigsRequest.AlterConfigsResource resource in asked.Resources.Where(IsLogger))
        {
            response.Responses.Add(loggers.Answer(resource, asked.ValidateOnly));
        }

        return response;
    }

    private static bool IsLogger(IncrementalAlterConfigsRequest.AlterConfigsResource resource) =>
        resource.ResourceType == (sbyte)ConfigResourceType.BrokerLogger;
}
