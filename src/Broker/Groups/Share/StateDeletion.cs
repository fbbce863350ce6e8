using System.Collections.Immutable;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>State that is to go.</summary>
/// <param name="After">What is written down before it goes.</param>
internal sealed record StateDeletion(IReadOnlyList<TopicIdPartition> Partitions, StateTopics After)
{
    public static StateDeletion Nothing { get; } = new([], StateTopics.None);

    /// <summary>Everything that a group has, or was to lose already.</summary>
    public static StateDeletion OfAll(StateTopics states, TopicsImage topics)
    {
        HashSet<TopicIdPartition> partitions =
        [
            .. states.Initialized.Concat(states.Initializing).SelectMany(
                topic => topic.Value.Partitions.Select(index => new TopicIdPartition(topic.Key, index))),
            .. states.Deleting.Keys.SelectMany(topic => All(topic, topics)),
        ];
        ImmutableSortedDictionary<Uuid, string> deleting = states.Initialized.Concat(states.Initializing)
            .DistinctBy(topic => topic.Key)
            .Aggregate(
                states.Deleting.RemoveRange(states.Deleting.Keys.Where(topic => !topics.ById.ContainsKey(topic))),
                (all, topic) => all.SetItem(topic.Key, topic.Value.Name));
        return new StateDeletion([.. partitions.Order()], new StateTopics { Deleting = deleting });
    }

    /// <summary>What a group has of one topic; null when that is nothing.</summary>
    public static IReadOnlyList<TopicIdPartition>? OfTopic(StateTopics states, TopicImage topic)
    {
        if (states.Initialized.TryGetValue(topic.Id, out StateTopic? initialized))
        {
            return [.. initialized.Partitions.Select(index => new TopicIdPartition(topic.Id, index))];
        }

        return states.Deleting.ContainsKey(topic.Id)
            ? [.. topic.Partitions.Keys.Select(index => new TopicIdPartition(topic.Id, index))]
            : null;
    }

    private static IEnumerable<TopicIdPartition> All(Uuid id, TopicsImage topics) =>
        topics.TryGet(id, out TopicImage? topic)
            ? topic.Partitions.Keys.Select(index => new TopicIdPartition(id, index))
            : [];
}
