using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>The topology that a group's members run: its subtopologies and the topics between them.</summary>
internal sealed class StreamsTopology
{
    private readonly byte[] _bytes;
    private readonly Dictionary<string, string> _subtopologyBySource = new(StringComparer.Ordinal);

    private StreamsTopology(StreamsGroupTopologyValue record)
    {
        Record = record;
        Subtopologies = [.. record.Subtopologies.OrderBy(
            subtopology => subtopology.SubtopologyId, StringComparer.Ordinal)];
        _bytes = CoordinatorRecordCodec.EncodeValue(
            new StreamsGroupTopologyValue { Epoch = record.Epoch, Subtopologies = [.. Subtopologies] }, 0).ToArray();
        foreach (StreamsGroupTopologyValue.Subtopology subtopology in Subtopologies)
        {
            foreach (string topic in SourcesOf(subtopology))
            {
                _subtopologyBySource[topic] = subtopology.SubtopologyId;
            }
        }
    }

    public int Epoch => Record.Epoch;

    public StreamsGroupTopologyValue Record { get; }

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<StreamsGroupTopologyValue.Subtopology> Subtopologies { get; }

    /// <summary>All topics that must exist before a task can run.</summary>
    public IEnumerable<string> RequiredTopics => Subtopologies
        .SelectMany(subtopology => SourcesOf(subtopology)
            .Concat(subtopology.StateChangelogTopics.Select(topic => topic.Name)))
        .Distinct(StringComparer.Ordinal);

    public static StreamsTopology From(StreamsGroupTopologyValue record) => new(record);

    /// <summary>Null when a member's topology cannot be one: a negative epoch, a subtopology twice, a copartition group
    /// of topics that are not there.</summary>
    public static StreamsTopology? From(StreamsGroupHeartbeatRequest.TopologyValue topology)
    {
        StreamsGroupTopologyValue record = new()
        {
            Epoch = topology.Epoch,
            Subtopologies = [.. topology.Subtopologies.Select(From)],
        };
        bool isSound = topology.Epoch >= 0
            && record.Subtopologies.DistinctBy(subtopology => subtopology.SubtopologyId).Count()
                == record.Subtopologies.Count
            && record.Subtopologies.All(subtopology => subtopology.CopartitionGroups.All(
                group => AreIn(group.SourceTopics, subtopology.SourceTopics.Count)
                    && AreIn(group.RepartitionSourceTopics, subtopology.RepartitionSourceTopics.Count)));
        return isSound ? new StreamsTopology(record) : null;
    }

    /// <summary>The topics that a subtopology reads, its own repartition topics among them.</summary>
    public static IEnumerable<string> SourcesOf(StreamsGroupTopologyValue.Subtopology subtopology) =>
        subtopology.SourceTopics.Concat(subtopology.RepartitionSourceTopics.Select(topic => topic.Name));

    /// <summary>The subtopology that reads a topic; null when none does.</summary>
    public string? SubtopologyOf(string topic) => _subtopologyBySource.GetValueOrDefault(topic);

    /// <summary>Whether both say the same, in whatever order of subtopologies.</summary>
    public bool IsSame(StreamsTopology other) => _bytes.AsSpan().SequenceEqual(other._bytes);

    private static bool AreIn(List<short> indexes, int count) => indexes.All(index => index >= 0 && index < count);

    private static StreamsGroupTopologyValue.Subtopology From(
        StreamsGroupHeartbeatRequest.Subtopology subtopology) => new()
        {
            SubtopologyId = subtopology.SubtopologyId,
            SourceTopics = subtopology.SourceTopics,
            SourceTopicRegex = subtopology.SourceTopicRegex,
            StateChangelogTopics = [.. subtopology.StateChangelogTopics.Select(From)],
            RepartitionSinkTopics = subtopology.RepartitionSinkTopics,
            RepartitionSourceTopics = [.. subtopology.RepartitionSourceTopics.Select(From)],
            CopartitionGroups = [.. subtopology.CopartitionGroups.Select(
                group => new StreamsGroupTopologyValue.CopartitionGroup
                {
                    SourceTopics = group.SourceTopics,
                    SourceTopicRegex = group.SourceTopicRegex,
                    RepartitionSourceTopics = group.RepartitionSourceTopics,
                })],
        };

    private static StreamsGroupTopologyValue.TopicInfo From(StreamsGroupHeartbeatRequest.TopicInfo topic) => new()
    {
        Name = topic.Name,
        Partitions = topic.Partitions,
        ReplicationFactor = topic.ReplicationFactor,
        TopicConfigs = [.. topic.TopicConfigs.Select(
            config => new StreamsGroupTopologyValue.TopicConfig { Key = config.Key, Value = config.Value })],
    };
}
