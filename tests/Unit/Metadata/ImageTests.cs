using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Tests.Unit.Metadata;

public sealed class ImageTests
{
    private static readonly Uuid Topic = new(5, 5);

    [Fact]
    public void Snapshot_OfEverything_GivesTheSameImage()
    {
        MetadataImage image = Replay(MetadataImage.Empty, Everything());

        MetadataImage again = Replay(
            MetadataImage.Empty, [.. ImageWriter.Records(image).Select(record => record.Record)]);

        Assert.True(image.SameContent(again));
        Assert.Equal(image.Topics, again.Topics);
        Assert.NotEmpty(image.Acls.Entries);
        Assert.NotEmpty(image.Scram.Credentials);
        Assert.NotEmpty(image.ClientQuotas.Quotas);
        Assert.NotEmpty(image.DelegationTokens.Tokens);
    }

    [Fact]
    public void Snapshot_PlusTail_GivesTheImageOfTheLog()
    {
        IMetadataRecord[] log = Everything();
        MetadataImage whole = Replay(MetadataImage.Empty, log);
        for (int cut = 0; cut <= log.Length; cut++)
        {
            MetadataImage head = Replay(MetadataImage.Empty, log[..cut]);
            MetadataImage snapshot = Replay(
                MetadataImage.Empty, [.. ImageWriter.Records(head).Select(record => record.Record)]);

            Assert.True(whole.SameContent(Replay(snapshot, log[cut..])), $"cut at {cut}");
        }
    }

    [Fact]
    public void SnapshotRecords_AtEveryMetadataVersion_CanBeWritten()
    {
        MetadataImage image = Replay(MetadataImage.Empty, Everything());
        for (short level = MetadataVersion.Minimum.Level; level <= MetadataVersion.LatestProduction.Level; level++)
        {
            MetadataImage older = image with
            {
                Features = new FeaturesImage
                {
                    FinalizedLevels = image.Features.FinalizedLevels.SetItem(MetadataVersion.FeatureName, level),
                },
            };

            foreach (VersionedRecord record in ImageWriter.Records(older))
            {
                WireSizer sizer = default;
                record.Record.AddSize(ref sizer, record.Version);
            }
        }
    }

    [Fact]
    public void PartitionChange_WithLeader_GrowsBothEpochs()
    {
        MetadataImage image = Replay(
            Replay(MetadataImage.Empty, Everything()),
            new PartitionChangeRecord { TopicId = Topic, PartitionId = 0, Leader = 2, Isr = [2] });

        PartitionRegistration partition = image.Topics.Partition("t", 0)!;
        Assert.Equal((2, 4, 9), (partition.Leader, partition.LeaderEpoch, partition.PartitionEpoch));
        Assert.Equal([2], partition.Isr);
        Assert.Equal([1, 2], partition.Replicas);
    }

    [Fact]
    public void Delta_OfARecreatedTopic_NamesTheOldAndTheNew()
    {
        MetadataDelta delta = new(Replay(MetadataImage.Empty, Everything()));
        delta.Replay(new RemoveTopicRecord { TopicId = Topic });
        delta.Replay(new TopicRecord { TopicId = new Uuid(6, 6), Name = "t" });
        delta.Replay(new PartitionRecord { TopicId = new Uuid(6, 6), PartitionId = 0, Replicas = [1], Isr = [1] });

        Assert.Equal(Topic, Assert.Single(delta.Topics.Deleted).Key);
        TopicDelta created = Assert.Single(delta.Topics.Changed).Value;
        Assert.True(created.IsNew);
        Assert.Null(created.Partitions[0].Before);
        Assert.Contains(ConfigResource.Topic("t"), delta.ChangedConfigs);
        Assert.Empty(delta.Apply(new LogPoint(1, 1), 0).Configs.For(ConfigResource.Topic("t")));
    }

    [Fact]
    public void Delta_BetweenImages_IsTheDifference()
    {
        MetadataImage before = Replay(MetadataImage.Empty, Everything());
        MetadataDelta replayed = new(before);
        replayed.Replay(new PartitionChangeRecord { TopicId = Topic, PartitionId = 0, Isr = [2, 1] });
        replayed.Replay(new BrokerRegistrationChangeRecord { BrokerId = 1, BrokerEpoch = 11, Fenced = 1 });
        MetadataImage after = replayed.Apply(before.Provenance, 0);

        MetadataDelta between = MetadataDelta.Between(before, after);

        Assert.Equal([1], between.ChangedBrokers);
        Assert.Equal(replayed.Topics.Changed[Topic].Partitions, between.Topics.Changed[Topic].Partitions);
        Assert.Empty(between.ChangedConfigs);
        Assert.True(between.Apply(after.Provenance, 0).SameContent(after));
    }

    [Fact]
    public void Replay_RecordThatContradictsTheImage_IsABrokenInvariant() =>
        Assert.Throws<InvariantViolationException>(() => Replay(
            MetadataImage.Empty, new PartitionChangeRecord { TopicId = Topic, PartitionId = 0, Leader = 1 }));

    private static MetadataImage Replay(MetadataImage image, params IMetadataRecord[] records)
    {
        MetadataDelta delta = new(image);
        foreach (IMetadataRecord record in records)
        {
            delta.Replay(record);
        }

        return delta.Apply(new LogPoint(1, image.Provenance.EndOffset + records.Length), 0);
    }

    private static IMetadataRecord[] Everything() =>
    [
        new FeatureLevelRecord { Name = MetadataVersion.FeatureName, FeatureLevel = 33 },
        new FeatureLevelRecord { Name = "group.version", FeatureLevel = 1 },
        new RegisterControllerRecord
        {
            ControllerId = 1,
            IncarnationId = new Uuid(1, 1),
            EndPoints = [new() { Name = "CONTROLLER", Host = "c", Port = 9093 }],
            Features = [new() { Name = "metadata.version", MinSupportedVersion = 7, MaxSupportedVersion = 33 }],
        },
        new RegisterBrokerRecord
        {
            BrokerId = 1,
            BrokerEpoch = 11,
            IncarnationId = new Uuid(2, 2),
            Rack = "r",
            LogDirs = [new Uuid(3, 3)],
            CordonedLogDirs = [],
            EndPoints = [new() { Name = "PLAINTEXT", Host = "b", Port = 9092 }],
            Features = [new() { Name = "metadata.version", MinSupportedVersion = 7, MaxSupportedVersion = 33 }],
        },
        new BrokerRegistrationChangeRecord { BrokerId = 1, BrokerEpoch = 11, Fenced = -1 },
        new BrokerRegistrationChangeRecord { BrokerId = 1, BrokerEpoch = 11, InControlledShutdown = 1 },
        new TopicRecord { Name = "t", TopicId = Topic },
        new PartitionRecord
        {
            TopicId = Topic,
            PartitionId = 0,
            Replicas = [1, 2],
            Isr = [1, 2],
            Leader = 1,
            LeaderEpoch = 3,
            PartitionEpoch = 7,
            Directories = [new Uuid(3, 3), DirectoryIds.Unassigned],
        },
        new PartitionChangeRecord { TopicId = Topic, PartitionId = 0, LeaderRecoveryState = 1 },
        new ConfigRecord { ResourceType = 2, ResourceName = "t", Name = "retention.ms", Value = "1" },
        new ConfigRecord { ResourceType = 4, ResourceName = "", Name = "log.cleaner.threads", Value = "2" },
        new ProducerIdsRecord { BrokerId = 1, BrokerEpoch = 11, NextProducerId = 4000 },
        new ClientQuotaRecord
        {
            Entity = [new() { EntityType = "user", EntityName = null }],
            Key = "producer_byte_rate",
            Value = 12.5,
        },
        new UserScramCredentialRecord
        {
            Name = "u",
            Mechanism = 1,
            Salt = new byte[] { 1 },
            StoredKey = new byte[] { 2 },
            ServerKey = new byte[] { 3 },
            Iterations = 4096,
        },
        new AccessControlEntryRecord
        {
            Id = new Uuid(8, 8),
            ResourceType = 2,
            ResourceName = "t",
            PatternType = 3,
            Principal = "User:u",
            Host = "*",
            Operation = 3,
            PermissionType = 3,
        },
        new DelegationTokenRecord { TokenId = "d", Owner = "User:u", Requester = "User:u", Renewers = ["User:v"] },
        new NoOpRecord(),
    ];
}
