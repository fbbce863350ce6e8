using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>What changed among the topics between two images.</summary>
public sealed class TopicsDelta
{
    private readonly SortedDictionary<Uuid, TopicDelta> _changed = [];
    private readonly SortedDictionary<Uuid, TopicImage> _deleted = [];

    internal TopicsDelta(TopicsImage before) => Before = After = before;

    public TopicsImage Before { get; }

    public TopicsImage After { get; private set; }

    /// <summary>New and changed topics that exist after the delta.</summary>
    public IReadOnlyDictionary<Uuid, TopicDelta> Changed => _changed;

    /// <summary>Topics that existed before and do not any more, as they were before.</summary>
    public IReadOnlyDictionary<Uuid, TopicImage> Deleted => _deleted;

    public bool IsEmpty => _changed.Count == 0 && _deleted.Count == 0;

    internal void Create(Uuid id, string name) => Put(new TopicImage(id, name));

    internal TopicImage? Delete(Uuid id)
    {
        if (!After.TryGet(id, out TopicImage? topic))
        {
            return null;
        }

        After = After.Without(topic);
        _changed.Remove(id);
        if (Before.TryGet(id, out TopicImage? old))
        {
            _deleted[id] = old;
        }

        return topic;
    }

    internal void SetPartition(TopicImage topic, int partition, PartitionRegistration registration)
    {
        Put(topic.With(partition, registration));
        _changed[topic.Id].Set(partition, registration);
    }

    /// <summary>Makes this the difference to <paramref name="after"/>.</summary>
    internal void BecomeDifference(TopicsImage after)
    {
        foreach (TopicImage topic in Before.ById.Values)
        {
            if (!after.ById.ContainsKey(topic.Id))
            {
                _deleted[topic.Id] = topic;
            }
        }

        foreach (TopicImage topic in after.ById.Values)
        {
            Before.TryGet(topic.Id, out TopicImage? old);
            if (topic.Equals(old))
            {
                continue;
            }

            TopicDelta delta = new(old) { After = topic };
            foreach ((int partition, PartitionRegistration registration) in topic.Partitions)
            {
                if (!registration.Equals(old?.Partitions.GetValueOrDefault(partition)))
                {
                    delta.Set(partition, registration);
                }
            }

            _changed[topic.Id] = delta;
        }

        After = after;
    }

    private void Put(TopicImage topic)
    {
        if (!_changed.TryGetValue(topic.Id, out TopicDelta? delta))
        {
            Before.TryGet(topic.Id, out TopicImage? old);
            _changed[topic.Id] = delta = new TopicDelta(old);
        }

        delta.After = topic;
        After = After.With(topic);
    }
}
