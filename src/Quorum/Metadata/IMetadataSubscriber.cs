namespace KRaftSharp.Quorum.Metadata;

/// <summary>Hears of every new image.</summary>
public interface IMetadataSubscriber
{
    /// <summary>
    /// Called on the loader's strand, in order; must not block. The first call carries everything as new.
    /// </summary>
    void OnMetadataUpdate(MetadataDelta delta, MetadataImage image);
}
