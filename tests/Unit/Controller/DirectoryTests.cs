using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Unit.Controller;

/// <summary>Directories that failed (KIP-858) or are cordoned (KIP-1066).</summary>
public sealed class DirectoryTests
{
    [Fact]
    public void CreateTopic_BrokerWithAllDirectoriesCordoned_GetsNoReplicas()
    {
        ControllerBench bench = ControllerBench.WithBrokers(3);
        Beat(bench, 2, cordoned: [new Uuid(3, 777)]);

        bench.CreateTopic("t", partitions: 20, factor: 2);

        Assert.True(bench.Image.Topics.TryGet("t", out TopicImage? topic));
        Assert.DoesNotContain(2, topic.Partitions.Values.SelectMany(partition => partition.Replicas));
        CreateTopicsResponse.CreatableTopicResult tooMany = bench.CreateTopic("u", partitions: 1, factor: 3);
        Assert.Equal(ErrorCode.InvalidReplicationFactor, tooMany.ErrorCode);
        Assert.Equal(
            "Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because "
            + "only 2 broker(s) are registered or some brokers have all their log directories cordoned.",
            tooMany.ErrorMessage);

        Beat(bench, 2, cordoned: []);
        Assert.Equal(ErrorCode.None, bench.CreateTopic("v", partitions: 1, factor: 3).ErrorCode);
    }

    [Fact]
    public void Unfence_PartitionWhoseDirectoryFailed_StaysWithoutLeader()
    {
        Uuid failed = new(1, 777);
        Uuid other = new(1, 778);
        ControllerBench bench = new();
        bench.Quorum.Lead();
        BrokerRegistrationRequest registration = ControllerBench.Registration(0, 1);
        registration.LogDirs.Add(other);
        bench.Ask<BrokerRegistrationResponse>(registration, 4, connection: 0);
        bench.Heartbeat(0);
        TopicImage onFailed = bench.CreateTopicOn("failed", 0);
        TopicImage onOther = bench.CreateTopicOn("other", 0);
        Assign(bench, onFailed, failed);
        Assign(bench, onOther, other);
        Beat(bench, 0, offline: [failed]);
        bench.Heartbeat(0, wantFence: true);
        Assert.False(bench.Image.Topics.Partition("other", 0)!.HasLeader);

        bench.Heartbeat(0);

        Assert.Equal(0, bench.Image.Topics.Partition("other", 0)!.Leader);
        Assert.False(bench.Image.Topics.Partition("failed", 0)!.HasLeader);
    }

    private static void Beat(ControllerBench bench, int id, Uuid[]? cordoned = null, Uuid[]? offline = null) =>
        bench.Ask<BrokerHeartbeatResponse>(
            new BrokerHeartbeatRequest
            {
                BrokerId = id,
                BrokerEpoch = bench.EpochOf(id),
                CurrentMetadataOffset = bench.Quorum.LogEndOffset - 1,
                OfflineLogDirs = [.. offline ?? []],
                CordonedLogDirs = cordoned is null ? null : [.. cordoned],
            },
            2, connection: id);

    private static void Assign(ControllerBench bench, TopicImage topic, Uuid directory) =>
        bench.Ask<AssignReplicasToDirsResponse>(
            new AssignReplicasToDirsRequest
            {
                BrokerId = 0,
                BrokerEpoch = bench.EpochOf(0),
                Directories =
                [
                    new()
                    {
                        Id = directory,
                        Topics = [new() { TopicId = topic.Id, Partitions = [new() { PartitionIndex = 0 }] }],
                    },
                ],
            },
            connection: 0);
}
