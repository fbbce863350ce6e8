using System.Collections.Immutable;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Groups.Streams;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using Subtopology = KRaftSharp.Protocol.Messages.StreamsGroupTopologyValue.Subtopology;
using TopicInfo = KRaftSharp.Protocol.Messages.StreamsGroupTopologyValue.TopicInfo;

namespace KRaftSharp.Tests.Unit.Groups;

/// <summary>What the topology of a streams group comes to with the topics that there are (KIP-1071).</summary>
public sealed class StreamsTopologyTests
{
    [Fact]
    public void Configure_SourcesMissing_NamesThreeOfThem()
    {
        ConfiguredTopology topology = Configured(Topics(), new Subtopology { SourceTopics = ["d", "b", "a", "c"] });

        Assert.Equal(
            new TopologyProblem(
                StreamsStatus.MissingSourceTopics, "Source topics a, b, c and 1 additional topics are missing."),
            topology.Problem);
        Assert.Empty(topology.MissingTopics);
    }

    [Fact]
    public void Configure_InternalTopicsMissing_TellsHowTheyMustBe()
    {
        ConfiguredTopology topology = Configured(Topics(("in", 3)), WordCount(repartitions: 0));

        Assert.Equal(StreamsStatus.MissingInternalTopics, topology.Problem!.Status);
        Assert.Equal(["again:3", "state:3"], topology.MissingTopics.Select(
            topic => $"{topic.Name}:{topic.NumPartitions}"));
        Assert.Equal("compact", topology.MissingTopics[1].Configs[0].Value);
        Assert.Equal(-1, topology.MissingTopics[0].ReplicationFactor);
        Assert.Equal([3, 3], topology.Subtopologies!.Select(part => part.TaskCount));
        Assert.Equal([false, true], topology.Subtopologies!.Select(part => part.IsStateful));
    }

    [Fact]
    public void Configure_RepartitionTopicHasANumber_KeepsIt()
    {
        ConfiguredTopology topology = Configured(
            Topics(("in", 3), ("again", 5), ("state", 5)), WordCount(repartitions: 5));

        Assert.True(topology.IsReady);
        Assert.Equal([3, 5], topology.Subtopologies!.Select(part => part.TaskCount));
    }

    [Fact]
    public void Configure_InternalTopicWithOtherNumber_IsAProblem()
    {
        ConfiguredTopology topology = Configured(
            Topics(("in", 3), ("again", 3), ("state", 4)), WordCount(repartitions: 0));

        Assert.Equal(
            new TopologyProblem(
                StreamsStatus.IncorrectlyPartitionedTopics,
                "Existing topic state has different number of partitions: expected 3, found 4"),
            topology.Problem);
    }

    [Fact]
    public void Configure_CopartitionedSourcesDiffer_IsAProblem()
    {
        ConfiguredTopology topology = Configured(
            Topics(("a", 3), ("b", 2)),
            new Subtopology { SourceTopics = ["a", "b"], CopartitionGroups = [new() { SourceTopics = [0, 1] }] });

        Assert.Equal(
            "Following topics do not have the same number of partitions: [{a=3, b=2}]", topology.Problem!.Detail);
    }

    [Fact]
    public void Configure_CopartitionedWithASource_RepartitionTopicFollowsIt()
    {
        ConfiguredTopology topology = Configured(
            Topics(("small", 2), ("large", 7)),
            new Subtopology { SubtopologyId = "0", SourceTopics = ["small"], RepartitionSinkTopics = ["again"] },
            new Subtopology
            {
                SubtopologyId = "1",
                SourceTopics = ["large"],
                RepartitionSourceTopics = [new TopicInfo { Name = "again" }],
                CopartitionGroups = [new() { SourceTopics = [0], RepartitionSourceTopics = [0] }],
            });

        Assert.Equal(7, Assert.Single(topology.MissingTopics).NumPartitions);
    }

    [Fact]
    public void Configure_RepartitionTopicThatNobodyWrites_IsRefused() => Assert.Equal(
        ErrorCode.StreamsInvalidTopology,
        Refusal(new Subtopology
        {
            SourceTopics = ["in"],
            RepartitionSourceTopics = [new TopicInfo { Name = "again" }],
        }).Error);

    [Fact]
    public void Configure_RepartitionTopicsInACircle_IsRefused() => Assert.Contains(
        "loops",
        Refusal(new Subtopology
        {
            RepartitionSinkTopics = ["again"],
            RepartitionSourceTopics = [new TopicInfo { Name = "again" }],
        }).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Configure_SubtopologyWithoutSources_IsRefused() =>
        Assert.Equal(ErrorCode.StreamsInvalidTopology, Refusal(new Subtopology()).Error);

    [Fact]
    public void From_UnsoundTopologies_AreNone()
    {
        Assert.Null(StreamsTopology.From(new StreamsGroupHeartbeatRequest.TopologyValue { Epoch = -1 }));
        Assert.Null(StreamsTopology.From(new StreamsGroupHeartbeatRequest.TopologyValue
        {
            Subtopologies = [new() { SubtopologyId = "0" }, new() { SubtopologyId = "0" }],
        }));
        Assert.Null(StreamsTopology.From(new StreamsGroupHeartbeatRequest.TopologyValue
        {
            Subtopologies = [new() { SourceTopics = ["in"], CopartitionGroups = [new() { SourceTopics = [1] }] }],
        }));
    }

    [Fact]
    public void IsSame_OtherOrderOfSubtopologies_IsTheSame()
    {
        Subtopology one = new() { SubtopologyId = "1", SourceTopics = ["a"] };
        Subtopology two = new() { SubtopologyId = "2", SourceTopics = ["b"] };
        StreamsTopology topology = StreamsTopology.From(new StreamsGroupTopologyValue { Subtopologies = [one, two] });

        Assert.True(IsSame([two, one]));
        Assert.False(IsSame([one]));
        Assert.Equal("2", topology.SubtopologyOf("b"));
        Assert.Null(topology.SubtopologyOf("c"));

        bool IsSame(List<Subtopology> parts) =>
            topology.IsSame(StreamsTopology.From(new StreamsGroupTopologyValue { Subtopologies = parts }));
    }

    [Theory]
    [InlineData("__consumer_offsets", ErrorCode.StreamsInvalidTopology)]
    [InlineData("a b", ErrorCode.StreamsInvalidTopology)]
    [InlineData("ab", null)]
    public void CheckTopics_NamesOfTopics_MustBeUsable(string name, ErrorCode? expected) => Assert.Equal(
        expected,
        StreamsHeartbeatChecks.CheckTopics(new StreamsGroupHeartbeatRequest
        {
            Topology = new() { Subtopologies = [new() { RepartitionSinkTopics = [name] }] },
        })?.Error);

    private static ConfiguredTopology Configured(TopicsImage topics, params Subtopology[] parts)
    {
        (ConfiguredTopology? topology, HeartbeatRefusal? refusal) = TopologyConfiguration.Configure(
            StreamsTopology.From(new StreamsGroupTopologyValue { Epoch = 1, Subtopologies = [.. parts] }), topics);
        Assert.Null(refusal);
        return topology!;
    }

    private static HeartbeatRefusal Refusal(Subtopology part) => TopologyConfiguration.Configure(
        StreamsTopology.From(new StreamsGroupTopologyValue { Subtopologies = [part] }), Topics(("in", 2))).Refusal!;

    private static Subtopology[] WordCount(int repartitions) =>
    [
        new() { SubtopologyId = "0", SourceTopics = ["in"], RepartitionSinkTopics = ["again"] },
        new()
        {
            SubtopologyId = "1",
            RepartitionSourceTopics = [new TopicInfo { Name = "again", Partitions = repartitions }],
            StateChangelogTopics =
            [
                new TopicInfo { Name = "state", TopicConfigs = [new() { Key = "cleanup.policy", Value = "compact" }] },
            ],
        },
    ];

    private static TopicsImage Topics(params (string Name, int Partitions)[] topics) => topics.Aggregate(
        TopicsImage.Empty, (image, topic) => image.With(new TopicImage(new Uuid(1, topic.Name[0]), topic.Name)
        {
            Partitions = Enumerable.Range(0, topic.Partitions).ToImmutableSortedDictionary(
                partition => partition, _ => new PartitionRegistration { Replicas = [1], Isr = [1] }),
        }));
}
