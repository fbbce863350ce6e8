using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>
/// The hashes of topics, so that each join of a large group need not look at all partitions again. Strand-owned by its
/// shard; what it keeps are hashes of topics that there are.
/// </summary>
internal sealed class TopicHashes
{
    private readonly Dictionary<Uuid, (TopicImage Topic, long Hash)> _known = [];
    private ClusterImage? _cluster;
    private TopicsImage? _topics;

    /// <summary>The hash of topics by name, as far as they exist.</summary>
    public long Of(IEnumerable<string> names, MetadataImage image)
    {
        Forget(image);
        Dictionary<string, long> hashes = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (!hashes.ContainsKey(name) && image.Topics.TryGet(name, out TopicImage? topic))
            {
                hashes.Add(name, Of(topic, image.Cluster));
            }
        }

        return GroupMetadataHash.OfGroup(hashes);
    }

    private long Of(TopicImage topic, ClusterImage cluster)
    {
        if (_known.TryGetValue(topic.Id, out (TopicImage Topic, long Hash) known)
            && ReferenceEquals(known.Topic, topic))
        {
            return known.Hash;
        }

        long hash = GroupMetadataHash.OfTopic(topic.Id, topic.Name, [.. topic.Partitions.Values.Select(
            partition => (IReadOnlyCollection<string>)[.. partition.Replicas
                .Select(replica => cluster.Broker(replica)?.Rack)
                .OfType<string>().Distinct(StringComparer.Ordinal)])]);
        _known[topic.Id] = (topic, hash);
        return hash;
    }

    /// <summary>A broker may have got another rack, and topics may be gone.</summary>
    private void Forget(MetadataImage image)
    {
        if (!ReferenceEquals(_cluster, image.Cluster))
        {
            _known.Clear();
        }
        else if (!ReferenceEquals(_topics, image.Topics))
        {
            foreach (Uuid gone in _known.Keys.Where(id => !image.Topics.ById.ContainsKey(id)).ToArray())
            {
                _known.Remove(gone);
            }
        }

        (_cluster, _topics) = (image.Cluster, image.Topics);
    }
}
