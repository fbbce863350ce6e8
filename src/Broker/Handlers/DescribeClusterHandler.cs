using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// DescribeCluster v0-2 (KIP-700). v1 asks brokers or controllers, each on its own listener (KIP-919); v2 fenced
/// brokers too.
/// </summary>
internal sealed class DescribeClusterHandler(
    ListenerKind kind, string clusterId, Func<MetadataImage> image, Func<int?> controllerId) : IRequestHandler
{
    private const sbyte Brokers = 1;
    private const sbyte Controllers = 2;

    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        new(Answer(context, (DescribeClusterRequest)request));

    private DescribeClusterResponse Answer(RequestContext context, DescribeClusterRequest request)
    {
        sbyte served = kind == ListenerKind.Broker ? Brokers : Controllers;
        if (request.EndpointType is not (Brokers or Controllers))
        {
            return Refuse(ErrorCode.UnsupportedEndpointType, $"Unsupported endpoint type {request.EndpointType}");
        }

        if (request.EndpointType != served)
        {
            return Refuse(ErrorCode.MismatchedEndpointType,
                $"The request was sent to an endpoint of type {NameOf(served)}, "
                + $"but we wanted an endpoint of type {NameOf(request.EndpointType)}");
        }

        DescribeClusterResponse response = new()
        {
            ClusterId = clusterId,
            EndpointType = served,
            ControllerId = controllerId() ?? -1,
        };
        if (request.IncludeClusterAuthorizedOperations)
        {
            response.ClusterAuthorizedOperations = AuthorizedOperations.OfCluster;
        }

        if (served == Brokers)
        {
            AddBrokers(response, new ListenerView(image(), context.ListenerName), request.IncludeFencedBrokers);
        }
        else
        {
            AddControllers(response, context.ListenerName);
        }

        return response;
    }

    private static string NameOf(sbyte endpointType) => endpointType == Brokers ? "BROKER" : "CONTROLLER";

    private static DescribeClusterResponse Refuse(ErrorCode error, string message) =>
        new() { ErrorCode = error, ErrorMessage = message };

    private static void AddBrokers(DescribeClusterResponse response, ListenerView view, bool includeFenced)
    {
        foreach ((BrokerRegistration broker, ListenerEndpoint endpoint) in view.Brokers(includeFenced))
        {
            response.Brokers.Add(new DescribeClusterResponse.DescribeClusterBroker
            {
                BrokerId = broker.Id,
                Host = endpoint.Host,
                Port = endpoint.Port,
                Rack = broker.Rack,
                IsFenced = broker.IsFenced,
            });
        }
    }

    private void AddControllers(DescribeClusterResponse response, string listenerName)
    {
        foreach (ControllerRegistration controller in image().Cluster.Controllers.Values)
        {
            if (controller.Listeners.TryGetValue(listenerName, out ListenerEndpoint? endpoint))
            {
                response.Brokers.Add(new DescribeClusterResponse.DescribeClusterBroker
                {
                    BrokerId = controller.Id,
                    Host = endpoint.Host,
                    Port = endpoint.Port,
                });
            }
        }
    }
}
