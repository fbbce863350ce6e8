using System.Collections.Immutable;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Unit.Groups;

/// <summary>What is remembered of topics is what a look at them would give.</summary>
public sealed class TopicHashesTests
{
    private static readonly PartitionRegistration Partition = new() { Replicas = [1], Isr = [1], Leader = 1 };

    private readonly TopicHashes _hashes = new();
    private MetadataImage _image = MetadataImage.Empty;

    [Fact]
    public void Topics_AsTheyComeGrowAndGo_AreHashedAnew()
    {
        Assert.Equal(0, Of("a"));
        Put("a", 1, partitions: 1);
        long one = Of("a");
        Assert.NotEqual(0, one);
        Assert.Equal(one, Of("a", "a", "missing"));

        Put("a", 1, partitions: 2);
        long two = Of("a");
        Assert.NotEqual(one, two);

        Put("b", 2, partitions: 1);
        Assert.Equal(two, Of("a"));
        Assert.NotEqual(two, Of("a", "b"));

        Put("a", 3, partitions: 2);
        Assert.NotEqual(two, Of("a"));
    }

    private long Of(params string[] names)
    {
        long hash = _hashes.Of(names, _image);
        Assert.Equal(new TopicHashes().Of(names, _image), hash);
        return hash;
    }

    private void Put(string name, long id, int partitions)
    {
        TopicsImage topics = _image.Topics.TryGet(name, out TopicImage? old) && old.Id.Low != id
            ? _image.Topics.Without(old)
            : _image.Topics;
        _image = _image with
        {
            Topics = topics.With(new TopicImage(new Uuid(0, id), name)
            {
                Partitions = Partitions(partitions),
            }),
        };
    }

    private static ImmutableSortedDictionary<int, PartitionRegistration> Partitions(
        int count) => ImmutableSortedDictionary.CreateRange(
            Enumerable.Range(0, count).Select(static index => KeyValuePair.Create(index, Partition)));
}
