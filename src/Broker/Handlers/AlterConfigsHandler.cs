using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Node;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// AlterConfigs v0-2 and IncrementalAlterConfigs v0-1 on a broker: its loggers are its own matter (KIP-412), its own
/// configs are checked here, and what is left is decided by the controller.
/// </summary>
internal sealed class AlterConfigsHandler(Forwarder forwarder, ConfigChecks checks, NodeLoggers loggers)
    : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        request is IncrementalAlterConfigsRequest incremental
            ? await AlterAsync(context, incremental)
            : await AlterAsync(context, (AlterConfigsRequest)request);

    private async ValueTask<IncrementalAlterConfigsResponse> AlterAsync(
        RequestContext context, IncrementalAlterConfigsRequest request)
    {
        List<ConfigError?> own = Check([.. request.Resources.Select(ConfigAlteration.Of)], request.ValidateOnly);
        IncrementalAlterConfigsRequest rest = new() { ValidateOnly = request.ValidateOnly };
        rest.Resources.AddRange(request.Resources.Where((_, index) => own[index] is null));
        IncrementalAlterConfigsResponse? decided = rest.Resources.Count == 0
            ? null
            : (IncrementalAlterConfigsResponse?)await forwarder.ForwardAsync(context, rest);
        IncrementalAlterConfigsResponse response = new() { ThrottleTimeMs = decided?.ThrottleTimeMs ?? 0 };
        for (int i = 0; i < own.Count; i++)
        {
            IncrementalAlterConfigsRequest.AlterConfigsResource resource = request.Resources[i];
            IncrementalAlterConfigsResponse.AlterConfigsResourceResponse? answer = decided?.Responses.Find(other =>
                other.ResourceType == resource.ResourceType && other.ResourceName == resource.ResourceName);
            ConfigError error = own[i] ?? (answer is null
                ? new ConfigError(ErrorCode.UnknownServerError)
                : new ConfigError(answer.ErrorCode, answer.ErrorMessage));
            response.Responses.Add(new()
            {
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
                ErrorCode = error.Code,
                ErrorMessage = error.Message,
            });
        }

        return response;
    }

    private async ValueTask<AlterConfigsResponse> AlterAsync(RequestContext context, AlterConfigsRequest request)
    {
        List<ConfigError?> own = Check([.. request.Resources.Select(ConfigAlteration.Of)], request.ValidateOnly);
        AlterConfigsRequest rest = new() { ValidateOnly = request.ValidateOnly };
        rest.Resources.AddRange(request.Resources.Where((_, index) => own[index] is null));
        AlterConfigsResponse? decided = rest.Resources.Count == 0
            ? null
            : (AlterConfigsResponse?)await forwarder.ForwardAsync(context, rest);
        AlterConfigsResponse response = new() { ThrottleTimeMs = decided?.ThrottleTimeMs ?? 0 };
        for (int i = 0; i < own.Count; i++)
        {
            AlterConfigsRequest.AlterConfigsResource resource = request.Resources[i];
            AlterConfigsResponse.AlterConfigsResourceResponse? answer = decided?.Responses.Find(other =>
                other.ResourceType == resource.ResourceType && other.ResourceName == resource.ResourceName);
            ConfigError error = own[i] ?? (answer is null
                ? new ConfigError(ErrorCode.UnknownServerError)
                : new ConfigError(answer.ErrorCode, answer.ErrorMessage));
            response.Responses.Add(new()
            {
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
                ErrorCode = error.Code,
                ErrorMessage = error.Message,
            });
        }

        return response;
    }

    /// <summary>What is settled here, in the order of the resources; null for what the controller has to decide.
    /// </summary>
    private List<ConfigError?> Check(List<ConfigAlteration> alterations, bool validateOnly)
    {
        Dictionary<ConfigResource, int> counts = [];
        foreach (ConfigAlteration alteration in alterations)
        {
            counts[alteration.Resource] = counts.GetValueOrDefault(alteration.Resource) + 1;
        }

        return
        [
            .. alterations.Select(alteration => counts[alteration.Resource] > 1
                ? ConfigError.InvalidRequest("Each resource must appear at most once.")
                : Check(alteration, validateOnly)),
        ];
    }

    private ConfigError? Check(ConfigAlteration alteration, bool validateOnly)
    {
        if (ConfigChecks.CheckForm(alteration) is { IsFailure: true } malformed)
        {
            return malformed;
        }

        switch (alteration.Resource.Type)
        {
            case ConfigResourceType.BrokerLogger when !alteration.IsLegacy:
                return loggers.Alter(alteration, validateOnly);
            case ConfigResourceType.Broker:
                return checks.CheckBroker(alteration) is { IsFailure: true } refused ? refused : null;
            case ConfigResourceType.Topic or ConfigResourceType.ClientMetrics or ConfigResourceType.Group:
                return null;
            default:
                return ConfigError.InvalidRequest($"Unknown resource type {(sbyte)alteration.Resource.Type}");
        }
    }
}
