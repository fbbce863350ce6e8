using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Node;

/// <summary>
/// Keeps metadata from the replicas until it contains the registration of this life of the broker. What was decided
/// before it is about an earlier life: a broker whose machine lost power must not go on leading with a log that has
/// lost its end, only because nobody had noticed yet that it was gone.
/// </summary>
internal sealed class RegistrationGate(int brokerId, Uuid incarnationId, IMetadataSubscriber replicas)
    : IMetadataSubscriber
{
    private bool _isOpen;

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        if (_isOpen)
        {
            replicas.OnMetadataUpdate(delta, image);
        }
        else if (image.Cluster.Broker(brokerId)?.IncarnationId == incarnationId)
        {
            _isOpen = true;
            replicas.OnMetadataUpdate(MetadataDelta.Between(MetadataImage.Empty, image), image);
        }
    }
}
