using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>How many partitions each internal topic of a topology must have.</summary>
/// <remarks>
/// A repartition topic without a number of its own gets as many as the largest source of a subtopology that writes it;
/// topics that are read together (copartitioned) get the same; a changelog one for each task.
/// </remarks>
internal sealed class PartitionCounts(StreamsTopology topology, TopicsImage topics)
{
    private readonly Dictionary<string, int> _decided = new(StringComparer.Ordinal);

    /// <summary>Set when topics that exist do not fit together.</summary>
    public TopologyProblem? Problem { get; private set; }

    /// <summary>Of a topic that exists or was decided about; null otherwise.</summary>
    public int? Of(string topic) => topics.TryGet(topic, out TopicImage? existing) ? existing.Partitions.Count
        : _decided.TryGetValue(topic, out int decided) ? decided
        : null;

    public int Decided(string topic) => _decided[topic];

    /// <summary>Decides about all of them; the sources of others must exist. Not null when no numbers would do.
    /// </summary>
    public HeartbeatRefusal? Decide()
    {
        if (DecideRepartitions() is { } refusal)
        {
            return refusal;
        }

        foreach (StreamsGroupTopologyValue.Subtopology subtopology in topology.Subtopologies)
        {
            foreach (StreamsGroupTopologyValue.CopartitionGroup group in subtopology.CopartitionGroups)
            {
                Copartition(
                [
                    .. group.SourceTopics.Select(index => subtopology.SourceTopics[index]),
                    .. group.RepartitionSourceTopics.Select(
                        index => subtopology.RepartitionSourceTopics[index].Name),
                ]);
                if (Problem is not null)
                {
                    return null;
                }
            }
        }

        foreach (StreamsGroupTopologyValue.Subtopology subtopology in topology.Subtopologies)
        {
            int tasks = StreamsTopology.SourcesOf(subtopology).Select(topic => Of(topic) ?? 0).DefaultIfEmpty().Max();
            if (tasks == 0)
            {
                return Invalid($"No source topics found for subtopology {subtopology.SubtopologyId}");
            }

            foreach (StreamsGroupTopologyValue.TopicInfo changelog in subtopology.StateChangelogTopics)
            {
                _decided[changelog.Name] = tasks;
            }
        }

        return null;
    }

    private static HeartbeatRefusal Invalid(string message) => new(ErrorCode.StreamsInvalidTopology, message);

    private HeartbeatRefusal? DecideRepartitions()
    {
        StreamsGroupTopologyValue.TopicInfo[] read =
            [.. topology.Subtopologies.SelectMany(subtopology => subtopology.RepartitionSourceTopics)];
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (StreamsGroupTopologyValue.TopicInfo topic in read.Where(topic => topic.Partitions != 0))
        {
            counts[topic.Name] = topic.Partitions;
        }

        bool isOpen = true;
        while (isOpen)
        {
            isOpen = false;
            bool hasProgress = false;
            foreach (StreamsGroupTopologyValue.Subtopology subtopology in topology.Subtopologies)
            {
                foreach (string sink in subtopology.RepartitionSinkTopics.Where(sink => !counts.ContainsKey(sink)))
                {
                    if (LargestSource(subtopology, counts) is { } count)
                    {
                        counts[sink] = count;
                        hasProgress = true;
                    }
                    else
                    {
                        isOpen = true;
                    }
                }
            }

            if (isOpen && !hasProgress)
            {
                return Invalid(
                    "Failed to compute number of partitions for all repartition topics. "
                    + "There may be loops in the topology that cannot be resolved.");
            }
        }

        if (read.Any(topic => !counts.ContainsKey(topic.Name)))
        {
            return Invalid(
                "Failed to compute number of partitions for all repartition topics, because a repartition source topic "
                + "is never used as a sink topic.");
        }

        foreach ((string topic, int count) in counts)
        {
            _decided[topic] = count;
        }

        return null;
    }

    private int? LargestSource(StreamsGroupTopologyValue.Subtopology subtopology, Dictionary<string, int> counts) =>
        subtopology.RepartitionSourceTopics
            .Select(topic => counts.TryGetValue(topic.Name, out int count) ? count : (int?)null)
            .Concat(subtopology.SourceTopics.Select(Of))
            .Max();

    private void Copartition(HashSet<string> group)
    {
        if (group.Count == 0)
        {
            return;
        }

        HashSet<string> fixedTopics = new(StringComparer.Ordinal);
        HashSet<string> flexible = new(StringComparer.Ordinal);
        foreach (StreamsGroupTopologyValue.TopicInfo topic in topology.Subtopologies.SelectMany(
            subtopology => subtopology.RepartitionSourceTopics))
        {
            (topic.Partitions != 0 ? fixedTopics : flexible).Add(topic.Name);
        }

        string[] repartition = [.. group.Where(topic => fixedTopics.Contains(topic) || flexible.Contains(topic))];
        string[] others = [.. group.Except(repartition)];
        if (Agreed(others, repartition, fixedTopics) is not { } count)
        {
            return;
        }

        foreach (string topic in repartition.Order(StringComparer.Ordinal))
        {
            if (fixedTopics.Contains(topic) && Of(topic) != count)
            {
                Problem = new TopologyProblem(
                    StreamsStatus.IncorrectlyPartitionedTopics,
                    $"Number of partitions [{Of(topic)}] of repartition topic [{topic}] doesn't match number of "
                    + $"partitions [{count}] of the source topic.");
                return;
            }

            _decided[topic] = count;
        }
    }

    /// <summary>The number for all repartition topics of a copartition group; null when there is a problem.</summary>
    private int? Agreed(string[] others, string[] repartition, HashSet<string> fixedTopics)
    {
        if (others.Length == 0 && fixedTopics.Count == 0)
        {
            return repartition.Max(topic => Of(topic));
        }

        // Where there are only repartition topics, all that have a number of their own must have the same.
        IEnumerable<string> deciding = others.Length > 0 ? others : fixedTopics;
        int?[] counts = [.. deciding.Select(Of).Distinct()];
        if (counts.Length == 1)
        {
            return counts[0];
        }

        IEnumerable<string> named = (others.Length > 0 ? others : repartition).Order(StringComparer.Ordinal)
            .Select(topic => $"{topic}={Of(topic)}");
        Problem = new TopologyProblem(
            StreamsStatus.IncorrectlyPartitionedTopics,
            $"Following topics do not have the same number of partitions: [{{{string.Join(", ", named)}}}]");
        return null;
    }
}
