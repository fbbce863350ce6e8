using KRaftSharp.Broker.Config;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Controller;
using KRaftSharp.Quorum.Metadata;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Node;

/// <summary>Registers this controller with the active one (KIP-919) whenever the metadata does not show it.</summary>
internal sealed class ControllerRegistrar(
    NodeConfig config, Uuid incarnationId, ControllerChannel controller, ILogger logger, Action<Exception> fault)
    : IMetadataSubscriber
{
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);

    private readonly Strand _strand = new() { Faulted = fault };
    private bool _isUnderWay;

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image) => _strand.Post(() =>
    {
        if (!_isUnderWay
            && image.Features.HasMetadataVersion
            && image.Features.MetadataVersion.IsControllerRegistrationSupported
            && image.Cluster.Controllers.GetValueOrDefault(config.NodeId)?.IncarnationId != incarnationId)
        {
            _isUnderWay = true;
            controller.Send(Registration(), ControllerRegistrationRequest.HighestVersion, SendTimeout, reply =>
            {
                using (reply)
                {
                    ErrorCode error = (reply.Response as ControllerRegistrationResponse)?.ErrorCode ?? ErrorCode.None;
                    if (reply.Response is null || error != ErrorCode.None)
                    {
                        BrokerLog.ControllerRegistrationFailed(logger, config.NodeId, reply.Status, error);
                    }

                    // If it failed, the next change of the metadata (there is one twice a second) tries again.
                    _strand.Post(() => _isUnderWay = false);
                }
            });
        }
    });

    private ControllerRegistrationRequest Registration()
    {
        ControllerRegistrationRequest request = new()
        {
            ControllerId = config.NodeId,
            IncarnationId = incarnationId,
        };
        foreach (ListenerAddress listener in config.AdvertisedListeners)
        {
            if (config.IsControllerListener(listener.Name))
            {
                request.Listeners.Add(new ControllerRegistrationRequest.Listener
                {
                    Name = listener.Name,
                    Host = listener.Host,
                    Port = (ushort)listener.Port,
                });
            }
        }

        foreach (FeatureDefinition feature in KnownFeatures.All)
        {
            request.Features.Add(new ControllerRegistrationRequest.Feature
            {
                Name = feature.Name,
                MinSupportedVersion = feature.Supported.Min,
                MaxSupportedVersion = feature.Supported.Max,
            });
        }

        return request;
    }
}
