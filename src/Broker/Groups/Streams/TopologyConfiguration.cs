using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>Finds how many partitions the internal topics of a topology must have, and which of them are missing.
/// </summary>
internal sealed class TopologyConfiguration
{
    private const int MostNamed = 3;
    private readonly StreamsTopology _topology;
    private readonly TopicsImage _topics;
    private readonly PartitionCounts _counts;

    private TopologyConfiguration(StreamsTopology topology, TopicsImage topics)
    {
        _topology = topology;
        _topics = topics;
        _counts = new PartitionCounts(topology, topics);
    }

    /// <summary>The topology with the topics as they are; or why it can be none, whatever topics there are.</summary>
    public static (ConfiguredTopology? Topology, HeartbeatRefusal? Refusal) Configure(
        StreamsTopology topology, TopicsImage topics)
    {
        string[] missing = [.. topology.Subtopologies.SelectMany(subtopology => subtopology.SourceTopics)
            .Where(topic => !topics.TryGet(topic, out _))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (missing.Length > 0)
        {
            return (Failed(topology, new TopologyProblem(
                StreamsStatus.MissingSourceTopics, $"Source topics {Summary(missing)} are missing.")), null);
        }

        TopologyConfiguration configuration = new(topology, topics);
        if (configuration._counts.Decide() is { } refusal)
        {
            return (null, refusal);
        }

        return configuration._counts.Problem is { } problem
            ? (Failed(topology, problem), null)
            : configuration.Build();
    }

    private static ConfiguredTopology Failed(StreamsTopology topology, TopologyProblem problem) =>
        new(topology.Epoch, null, [], problem);

    private static string Summary(IReadOnlyCollection<string> topics) =>
        string.Join(", ", topics.Take(MostNamed))
        + (topics.Count > MostNamed ? $" and {topics.Count - MostNamed} additional topics" : "");

    private (ConfiguredTopology? Topology, HeartbeatRefusal? Refusal) Build()
    {
        ConfiguredSubtopology[] subtopologies = [.. _topology.Subtopologies.Select(Configure)];
        SortedDictionary<string, ConfiguredTopic> missing = new(StringComparer.Ordinal);
        foreach (ConfiguredTopic topic in subtopologies.SelectMany(
            subtopology => subtopology.RepartitionSources.Concat(subtopology.Changelogs)))
        {
            if (!TopicNames.IsValid(topic.Name) || topic.Partitions < 1)
            {
                return (null, StreamsHeartbeatChecks.Unexpected);
            }

            if (!_topics.TryGet(topic.Name, out TopicImage? existing))
            {
                missing[topic.Name] = topic;
            }
            else if (existing.Partitions.Count != topic.Partitions)
            {
                return (Failed(_topology, new TopologyProblem(
                    StreamsStatus.IncorrectlyPartitionedTopics,
                    $"Existing topic {topic.Name} has different number of partitions: expected {topic.Partitions}, "
                    + $"found {existing.Partitions.Count}")), null);
            }
        }

        TopologyProblem? problem = missing.Count > 0
            ? new TopologyProblem(
                StreamsStatus.MissingInternalTopics, $"Internal topics are missing: {Summary(missing.Keys)}")
            : null;
        return (new ConfiguredTopology(
            _topology.Epoch, subtopologies, [.. missing.Values.Select(ToCreate)], problem), null);
    }

    private ConfiguredSubtopology Configure(StreamsGroupTopologyValue.Subtopology subtopology) => new(
        subtopology.SubtopologyId,
        StreamsTopology.SourcesOf(subtopology).Max(topic => _counts.Of(topic)!.Value),
        [.. subtopology.SourceTopics.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        [.. subtopology.RepartitionSinkTopics.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        Configure(subtopology.RepartitionSourceTopics),
        Configure(subtopology.StateChangelogTopics));

    private ConfiguredTopic[] Configure(IEnumerable<StreamsGroupTopologyValue.TopicInfo> topics) =>
        [.. topics.Select(topic => new ConfiguredTopic(
                topic.Name, topic.Partitions == 0 ? _counts.Decided(topic.Name) : topic.Partitions,
                topic.ReplicationFactor,
                [.. topic.TopicConfigs.Select(config => KeyValuePair.Create(config.Key, config.Value))]))
            .OrderBy(topic => topic.Name, StringComparer.Ordinal)];

    private static CreateTopicsRequest.CreatableTopic ToCreate(ConfiguredTopic topic) => new()
    {
        Name = topic.Name,
        NumPartitions = topic.Partitions,
        ReplicationFactor = topic.ReplicationFactor != 0 ? topic.ReplicationFactor : (short)-1,
        Configs = [.. topic.Configs.Select(config => new CreateTopicsRequest.CreatableTopicConfig
        {
            Name = config.Key,
            Value = config.Value,
        })],
    };
}
