using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Unit.Controller;

public sealed class TopicTests
{
    [Theory]
    [InlineData("", ErrorCode.InvalidTopic, "Topic name is invalid: the empty string is not allowed")]
    [InlineData("..", ErrorCode.InvalidTopic, "Topic name is invalid: '..' is not allowed")]
    [InlineData("a/b", ErrorCode.InvalidTopic, "Topic name is invalid: 'a/b' contains one or more characters other "
        + "than ASCII alphanumerics, '.', '_' and '-'")]
    [InlineData("there", ErrorCode.TopicAlreadyExists, "Topic 'there' already exists.")]
    [InlineData("x_y", ErrorCode.InvalidTopic, "Topic 'x_y' collides with existing topic: x.y")]
    [InlineData("__cluster_metadata", ErrorCode.InvalidRequest,
        "Creation of internal topic __cluster_metadata is prohibited.")]
    public void Create_NameThatCannotBe_IsRefused(string name, ErrorCode error, string message)
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        bench.CreateTopic("there");
        bench.CreateTopic("x.y");

        CreateTopicsResponse.CreatableTopicResult result = bench.CreateTopic(name);

        Assert.Equal(error, result.ErrorCode);
        Assert.Equal(message, result.ErrorMessage);
        Assert.Equal(-1, result.NumPartitions);
    }

    [Theory]
    [InlineData(0, 1, ErrorCode.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.")]
    [InlineData(1, 0, ErrorCode.InvalidReplicationFactor,
        "Replication factor must be larger than 0, or -1 to use the default value.")]
    [InlineData(1, 2, ErrorCode.InvalidReplicationFactor,
        "Unable to replicate the partition 2 time(s): The target replication factor of 2 cannot be reached because "
        + "only 1 broker(s) are registered or some brokers have all their log directories cordoned.")]
    public void Create_CountsThatCannotBe_AreRefused(int partitions, short factor, ErrorCode error, string message)
    {
        CreateTopicsResponse.CreatableTopicResult result =
            ControllerBench.WithBrokers(1).CreateTopic("t", partitions, factor);

        Assert.Equal(error, result.ErrorCode);
        Assert.Equal(message, result.ErrorMessage);
    }

    [Theory]
    [InlineData("no.such", "1", "Unknown topic config name: no.such")]
    [InlineData("retention.ms", "soon", "Invalid value soon for configuration retention.ms: Not a number of type LONG")]
    [InlineData("max.message.bytes", "-1",
        "Invalid value -1 for configuration max.message.bytes: Value must be at least 0")]
    [InlineData("cleanup.policy", "shred",
        "Invalid value shred for configuration cleanup.policy: String must be one of: compact, delete")]
    [InlineData("compression.type", "rar", "Invalid value rar for configuration compression.type: String must be one "
        + "of: uncompressed, zstd, lz4, snappy, gzip, producer")]
    public void Create_ConfigThatCannotBe_IsRefused(string name, string value, string message)
    {
        CreateTopicsResponse.CreatableTopicResult result =
            ControllerBench.WithBrokers(1).CreateTopic("t", 1, 1, (name, value));

        Assert.Equal(ErrorCode.InvalidConfig, result.ErrorCode);
        Assert.Equal(message, result.ErrorMessage);
    }

    [Fact]
    public void Create_WithConfigs_AnswersThemAndTheDefaults()
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);

        CreateTopicsResponse.CreatableTopicResult result =
            bench.CreateTopic("t", 2, 1, ("retention.ms", "123456"));

        Assert.Equal(2, result.NumPartitions);
        Assert.Equal(1, result.ReplicationFactor);
        Assert.Equal(("123456", 1), Config("retention.ms"));
        Assert.Equal(("delete", 5), Config("cleanup.policy"));
        Assert.Equal(("1", 3), Config("min.insync.replicas"));
        Assert.Equal(39 - 2, result.Configs!.Count);
        Assert.Equal("123456", bench.Image.Configs.For(ConfigResource.Topic("t"))["retention.ms"]);

        (string?, int) Config(string name)
        {
            var config = result.Configs!.Single(config => config.Name == name);
            return (config.Value, config.ConfigSource);
        }
    }

    [Fact]
    public void Create_ValidateOnly_ChangesNothing()
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        CreateTopicsRequest request = new()
        {
            ValidateOnly = true,
            Topics = [new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }],
        };

        Assert.Equal(ErrorCode.None, bench.Ask<CreateTopicsResponse>(request, 7).Topics[0].ErrorCode);
        Assert.Equal(0, bench.Image.Topics.Count);
    }

    [Fact]
    public void Create_SameNameTwice_IsRefusedOnceAndTheOthersAreMade()
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        CreateTopicsRequest request = new()
        {
            Topics =
            [
                new() { Name = "a", NumPartitions = 1, ReplicationFactor = 1 },
                new() { Name = "a", NumPartitions = 1, ReplicationFactor = 1 },
                new() { Name = "b", NumPartitions = 1, ReplicationFactor = 1 },
            ],
        };

        CreateTopicsResponse response = bench.Ask<CreateTopicsResponse>(request, 7);

        Assert.Equal(
            [("a", ErrorCode.InvalidRequest), ("b", ErrorCode.None)],
            response.Topics.Select(topic => (topic.Name, topic.ErrorCode)));
    }

    [Fact]
    public void Create_ManyPartitions_SpreadsLeadersAndRacks()
    {
        ControllerBench bench = ControllerBench.WithBrokers(5);

        bench.CreateTopic("t", 50, 3);

        Assert.True(bench.Image.Topics.TryGet("t", out TopicImage? topic));
        foreach (PartitionRegistration partition in topic.Partitions.Values)
        {
            Assert.Equal(3, partition.Replicas.Distinct().Count());
            Assert.Equal(partition.Replicas, partition.Isr);
            Assert.Equal(partition.Replicas[0], partition.Leader);
            Assert.Equal(partition.Replicas.Select(id => new Uuid(id + 1, 777)), partition.Directories);
        }

        Assert.All(
            topic.Partitions.Values.GroupBy(partition => partition.Leader), leader => Assert.Equal(10, leader.Count()));
    }

    [Fact]
    public void Create_AFencedBroker_IsReplicaButNotInTheIsr()
    {
        ControllerBench bench = ControllerBench.WithBrokers(3);
        bench.Heartbeat(1, wantFence: true);

        bench.CreateTopic("t", 6, 3);

        Assert.All(bench.Image.Topics.ById.Values.Single().Partitions.Values, partition =>
        {
            Assert.Contains(1, partition.Replicas);
            Assert.DoesNotContain(1, partition.Isr);
            Assert.NotEqual(1, partition.Leader);
        });
    }

    [Fact]
    public void Delete_ByNameAndById_TakesConfigsAlong()
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        bench.CreateTopic("a", 1, 1, ("retention.ms", "1"));
        Uuid b = bench.CreateTopic("b").TopicId;
        DeleteTopicsRequest request = new()
        {
            TimeoutMs = 1000,
            Topics = [new() { Name = "a" }, new() { TopicId = b }, new() { Name = "no" }],
        };

        DeleteTopicsResponse response = bench.Ask<DeleteTopicsResponse>(request, 6);

        Assert.Equal(
            [("a", ErrorCode.None), ("b", ErrorCode.None), ("no", ErrorCode.UnknownTopicOrPartition)],
            response.Responses.Select(topic => (topic.Name, topic.ErrorCode)));
        Assert.Equal(0, bench.Image.Topics.Count);
        Assert.Empty(bench.Image.Configs.For(ConfigResource.Topic("a")));
        Assert.NotEqual(b, bench.CreateTopic("b").TopicId);
    }

    [Fact]
    public void Delete_TopicMeantTwice_IsRefused()
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        Uuid a = bench.CreateTopic("a").TopicId;
        DeleteTopicsRequest request = new()
        {
            TimeoutMs = 1000,
            Topics = [new() { Name = "a" }, new() { TopicId = a }],
        };

        DeleteTopicsResponse.DeletableTopicResult result =
            Assert.Single(bench.Ask<DeleteTopicsResponse>(request, 6).Responses);

        Assert.Equal(ErrorCode.InvalidRequest, result.ErrorCode);
        Assert.Equal("The provided topic name maps to an ID that was already supplied.", result.ErrorMessage);
        Assert.Equal(1, bench.Image.Topics.Count);
    }

    [Theory]
    [InlineData(3, "Topic already has 3 partition(s).")]
    [InlineData(2, "The topic t currently has 3 partition(s); 2 would not be an increase.")]
    public void CreatePartitions_NoIncrease_IsRefused(int count, string message)
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        bench.CreateTopic("t", 3);
        CreatePartitionsRequest request = new()
        {
            TimeoutMs = 1000,
            Topics = [new() { Name = "t", Count = count, Assignments = null }],
        };

        var result = Assert.Single(bench.Ask<CreatePartitionsResponse>(request, 3).Results);

        Assert.Equal(ErrorCode.InvalidPartitions, result.ErrorCode);
        Assert.Equal(message, result.ErrorMessage);
    }

    [Fact]
    public void CreatePartitions_Increase_AddsPartitionsOfTheSameFactor()
    {
        ControllerBench bench = ControllerBench.WithBrokers(3);
        bench.CreateTopic("t", 1, 2);
        CreatePartitionsRequest request = new()
        {
            TimeoutMs = 1000,
            Topics = [new() { Name = "t", Count = 4, Assignments = null }],
        };

        Assert.Equal(ErrorCode.None, bench.Ask<CreatePartitionsResponse>(request, 3).Results[0].ErrorCode);

        Assert.Equal(4, bench.Image.Topics.ById.Values.Single().Partitions.Count);
        Assert.All(
            bench.Image.Topics.ById.Values.Single().Partitions.Values, partition =>
                Assert.Equal(2, partition.Replicas.Length));
    }
}
