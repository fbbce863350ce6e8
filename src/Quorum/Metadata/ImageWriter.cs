using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>The records of a snapshot: replayed from nothing they give the same image.</summary>
public static class ImageWriter
{
    /// <summary>The records, in the order in which they must be replayed; produced as they are asked for.</summary>
    public static IEnumerable<VersionedRecord> Records(MetadataImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        MetadataVersion version = image.Features.MetadataVersion;
        return Features(image.Features)
            .Concat(Cluster(image.Cluster, version))
            .Concat(Topics(image.Topics, version))
            .Concat(Configs(image.Configs))
            .Concat(Quotas(image.ClientQuotas))
            .Concat(ProducerIds(image.ProducerIds))
            .Concat(Security(image));
    }

    // metadata.version comes first: a reader must know it before anything else.
    private static IEnumerable<VersionedRecord> Features(FeaturesImage features) => features.FinalizedLevels
        .OrderBy(level => level.Key == MetadataVersion.FeatureName ? 0 : 1)
        .Select(level => Record(new FeatureLevelRecord { Name = level.Key, FeatureLevel = level.Value }));

    private static IEnumerable<VersionedRecord> Cluster(ClusterImage cluster, MetadataVersion version)
    {
        foreach (ControllerRegistration controller in cluster.Controllers.Values)
        {
            if (version.IsControllerRegistrationSupported)
            {
                yield return Record(ToRecord(controller));
            }
        }

        foreach (BrokerRegistration broker in cluster.Brokers.Values)
        {
            yield return Record(ToRecord(broker, version), version.RegisterBrokerRecordVersion);
        }
    }

    private static RegisterControllerRecord ToRecord(ControllerRegistration controller) => new()
    {
        ControllerId = controller.Id,
        IncarnationId = controller.IncarnationId,
        ZkMigrationReady = controller.ZkMigrationReady,
        EndPoints =
        [
            .. controller.Listeners.Values.Select(end => new RegisterControllerRecord.ControllerEndpoint
            {
                Name = end.Name,
                Host = end.Host,
                Port = (ushort)end.Port,
                SecurityProtocol = end.SecurityProtocol,
            }),
        ],
        Features =
        [
            .. controller.Features.Select(feature => new RegisterControllerRecord.ControllerFeature
            {
                Name = feature.Key,
                MinSupportedVersion = feature.Value.Min,
                MaxSupportedVersion = feature.Value.Max,
            }),
        ],
    };

    private static RegisterBrokerRecord ToRecord(BrokerRegistration broker, MetadataVersion version) => new()
    {
        BrokerId = broker.Id,
        BrokerEpoch = broker.Epoch,
        IncarnationId = broker.IncarnationId,
        IsMigratingZkBroker = broker.IsMigratingZkBroker && version.IsMigrationSupported,
        Rack = broker.Rack,
        Fenced = broker.IsFenced,
        InControlledShutdown = broker.InControlledShutdown,
        LogDirs = version.IsDirectoryAssignmentSupported ? [.. broker.Directories] : [],
        CordonedLogDirs = version.IsCordonedLogDirsSupported && broker.CordonedDirectories is { } cordoned
            ? [.. cordoned]
            : null,
        EndPoints =
        [
            .. broker.Listeners.Values.Select(end => new RegisterBrokerRecord.BrokerEndpoint
            {
                Name = end.Name,
                Host = end.Host,
                Port = (ushort)end.Port,
                SecurityProtocol = end.SecurityProtocol,
            }),
        ],
        Features =
        [
            .. broker.Features.Select(feature => new RegisterBrokerRecord.BrokerFeature
            {
                Name = feature.Key,
                MinSupportedVersion = feature.Value.Min,
                MaxSupportedVersion = feature.Value.Max,
            }),
        ],
    };

    private static IEnumerable<VersionedRecord> Topics(TopicsImage topics, MetadataVersion version)
    {
        foreach (TopicImage topic in topics.ById.Values)
        {
            yield return Record(new TopicRecord { Name = topic.Name, TopicId = topic.Id });
            foreach ((int id, PartitionRegistration partition) in topic.Partitions)
            {
                yield return Record(partition.ToRecord(topic.Id, id, version), version.PartitionRecordVersion);
            }
        }
    }

    private static IEnumerable<VersionedRecord> Configs(ConfigsImage configs) =>
        from resource in configs.Resources
        from config in resource.Value.Values
        select Record(new ConfigRecord
        {
            ResourceType = (sbyte)resource.Key.Type,
            ResourceName = resource.Key.Name,
            Name = config.Key,
            Value = config.Value,
        });

    private static IEnumerable<VersionedRecord> Quotas(ClientQuotasImage quotas) =>
        quotas.Quotas.Select(quota => Record(new ClientQuotaRecord
        {
            Entity =
            [
                .. quota.Key.Entity.Select(part =>
                    new ClientQuotaRecord.EntityData { EntityType = part.Key, EntityName = part.Value }),
            ],
            Key = quota.Key.Key,
            Value = quota.Value,
        }));

    private static IEnumerable<VersionedRecord> ProducerIds(ProducerIdsImage ids)
    {
        if (ids.NextProducerId > 0)
        {
            yield return Record(new ProducerIdsRecord
            {
                BrokerId = -1,
                BrokerEpoch = -1,
                NextProducerId = ids.NextProducerId,
            });
        }
    }

    private static IEnumerable<VersionedRecord> Security(MetadataImage image)
    {
        foreach (((sbyte mechanism, string user), ScramCredential credential) in image.Scram.Credentials)
        {
            yield return Record(new UserScramCredentialRecord
            {
                Name = user,
                Mechanism = mechanism,
                Salt = credential.Salt,
                StoredKey = credential.StoredKey,
                ServerKey = credential.ServerKey,
                Iterations = credential.Iterations,
            });
        }

        foreach ((Uuid id, AclEntry acl) in image.Acls.Entries)
        {
            yield return Record(new AccessControlEntryRecord
            {
                Id = id,
                ResourceType = acl.ResourceType,
                ResourceName = acl.ResourceName,
                PatternType = acl.PatternType,
                Principal = acl.Principal,
                Host = acl.Host,
                Operation = acl.Operation,
                PermissionType = acl.PermissionType,
            });
        }

        foreach (DelegationToken token in image.DelegationTokens.Tokens.Values)
        {
            yield return Record(new DelegationTokenRecord
            {
                TokenId = token.TokenId,
                Owner = token.Owner,
                Requester = token.Requester,
                Renewers = [.. token.Renewers],
                IssueTimestamp = token.IssueTimestampMs,
                MaxTimestamp = token.MaxTimestampMs,
                ExpirationTimestamp = token.ExpirationTimestampMs,
            });
        }
    }

    private static VersionedRecord Record(IMetadataRecord record, short version = 0) => new(record, version);
}
