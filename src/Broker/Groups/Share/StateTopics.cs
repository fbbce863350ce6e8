using System.Collections.Immutable;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>Of which partitions a share group has state with the share coordinator (KIP-932).</summary>
internal sealed record StateTopics
{
    public static StateTopics None { get; } = new();

    /// <summary>Asked for, and not answered yet as far as is known.</summary>
    public ImmutableSortedDictionary<Uuid, StateTopic> Initializing { get; init; } =
        ImmutableSortedDictionary<Uuid, StateTopic>.Empty;

    /// <summary>Only these are assigned to members.</summary>
    public ImmutableSortedDictionary<Uuid, StateTopic> Initialized { get; init; } =
        ImmutableSortedDictionary<Uuid, StateTopic>.Empty;

    /// <summary>Topics whose state is to go, by id; with their names.</summary>
    public ImmutableSortedDictionary<Uuid, string> Deleting { get; init; } =
        ImmutableSortedDictionary<Uuid, string>.Empty;

    public bool Knows(Uuid topic) => Initializing.ContainsKey(topic) || Initialized.ContainsKey(topic);

    /// <summary>These are asked for now. What was to be deleted of their topics is no longer.</summary>
    public StateTopics Begin(IReadOnlyDictionary<Uuid, StateTopic> topics)
    {
        ImmutableSortedDictionary<Uuid, StateTopic> initializing = Union(Initializing, topics);
        return this with { Initializing = initializing, Deleting = Deleting.RemoveRange(initializing.Keys) };
    }

    /// <summary>These are there now.</summary>
    public StateTopics Complete(IReadOnlyDictionary<Uuid, StateTopic> topics) => this with
    {
        Initializing = Without(Initializing, topics),
        Initialized = Union(Initialized, topics),
    };

    /// <summary>These could not be had; they are asked for again.</summary>
    public StateTopics GiveUp(IReadOnlyDictionary<Uuid, StateTopic> topics) =>
        this with { Initializing = Without(Initializing, topics) };

    /// <summary>Without what is known of topics that are gone.</summary>
    public StateTopics Forget(IReadOnlyCollection<Uuid> topics) => this with
    {
        Initializing = Initializing.RemoveRange(topics),
        Initialized = Initialized.RemoveRange(topics),
        Deleting = Deleting.RemoveRange(topics),
    };

    public bool IsAssignable(TopicIdPartition partition) =>
        Initialized.TryGetValue(partition.TopicId, out StateTopic? topic)
        && topic.Partitions.Contains(partition.Partition);

    private static ImmutableSortedDictionary<Uuid, StateTopic> Union(
        ImmutableSortedDictionary<Uuid, StateTopic> topics, IReadOnlyDictionary<Uuid, StateTopic> added)
    {
        foreach ((Uuid id, StateTopic topic) in added)
        {
            topics = topics.SetItem(id, topics.TryGetValue(id, out StateTopic? known)
                ? topic with { Partitions = known.Partitions.Union(topic.Partitions) }
                : topic);
        }

        return topics;
    }

    private static ImmutableSortedDictionary<Uuid, StateTopic> Without(
        ImmutableSortedDictionary<Uuid, StateTopic> topics, IReadOnlyDictionary<Uuid, StateTopic> removed)
    {
        foreach ((Uuid id, StateTopic topic) in removed)
        {
            if (topics.TryGetValue(id, out StateTopic? known))
            {
                ImmutableSortedSet<int> left = known.Partitions.Except(topic.Partitions);
                topics = left.IsEmpty ? topics.Remove(id) : topics.SetItem(id, known with { Partitions = left });
            }
        }

        return topics;
    }
}
