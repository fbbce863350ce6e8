using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Unit.Controller;

/// <summary>Keeps what the loader publishes, and checks that each delta leads from one image to the next.</summary>
internal sealed class ImageRecorder : IMetadataSubscriber
{
    private MetadataImage _last = MetadataImage.Empty;

    public List<(MetadataDelta Delta, MetadataImage Image)> Updates { get; } = [];

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        Assert.True(delta.Before.SameContent(_last), "a delta starts where the last one ended");
        Assert.Equal(image.Topics, delta.Topics.After);
        _last = image;
        Updates.Add((delta, image));
    }
}
