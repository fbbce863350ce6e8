namespace KRaftSharp.Quorum.Configs;

/// <summary>Configs of brokers and controllers, from Kafka 4.4: a part of the alphabet.</summary>
internal static class BrokerConfigTableS
{
    public static readonly ConfigKey[] Keys =
    [
        new("ssl.allow.dn.changes", ConfigType.Boolean, "false", null, ConfigImportance.Low,
            ""),
        new("ssl.allow.san.changes", ConfigType.Boolean, "false", null, ConfigImportance.Low,
            ""),
        new("ssl.cipher.suites", ConfigType.List, "", new ConfigValidator.UniqueList(true, false),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.client.auth", ConfigType.String, "none", new ConfigValidator.OneOf("required", "requested", "none"),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.enabled.protocols", ConfigType.List, "TLSv1.2,TLSv1.3", new ConfigValidator.UniqueList(true, false),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.endpoint.identification.algorithm", ConfigType.String, "https", null, ConfigImportance.Low,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.engine.factory.class", ConfigType.Class, null, null, ConfigImportance.Low,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.key.password", ConfigType.Password, null, null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.keymanager.algorithm", ConfigType.String, "SunX509", null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.keystore.certificate.chain", ConfigType.Password, null, null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.keystore.key", ConfigType.Password, null, null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.keystore.location", ConfigType.String, null, null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.keystore.password", ConfigType.Password, null, null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.keystore.type", ConfigType.String, "JKS", null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.principal.mapping.rules", ConfigType.String, "DEFAULT", null, ConfigImportance.Low,
            ""),
        new("ssl.protocol", ConfigType.String, "TLSv1.3", null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.provider", ConfigType.String, null, null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.secure.random.implementation", ConfigType.String, null, null, ConfigImportance.Low,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.trustmanager.algorithm", ConfigType.String, "PKIX", null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.truststore.certificates", ConfigType.Password, null, null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.truststore.location", ConfigType.String, null, null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.truststore.password", ConfigType.Password, null, null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.truststore.type", ConfigType.String, "JKS", null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("telemetry.max.bytes", ConfigType.Int, "1048576", new ConfigValidator.Range(1, null),
        ConfigImportance.Low,
            ""),
        new("transaction.abort.timed.out.transaction.cleanup.interval.ms", ConfigType.Int, "10000",
        new ConfigValidator.Range(1, null), ConfigImportance.Low,
            ""),
        new("transaction.max.timeout.ms", ConfigType.Int, "900000", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            ""),
        new("transaction.partition.verification.enable", ConfigType.Boolean, "true", null, ConfigImportance.Low,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("transaction.remove.expired.transaction.cleanup.interval.ms", ConfigType.Int, "3600000",
        new ConfigValidator.Range(1, null), ConfigImportance.Low,
            ""),
        new("transaction.state.log.load.buffer.size", ConfigType.Int, "5242880", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            ""),
        new("transaction.state.log.min.isr", ConfigType.Int, "2", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            ""),
        new("transaction.state.log.num.partitions", ConfigType.Int, "50", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            ""),
        new("transaction.state.log.replication.factor", ConfigType.Short, "3", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            ""),
        new("transaction.state.log.segment.bytes", ConfigType.Int, "104857600", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            ""),
        new("transaction.two.phase.commit.enable", ConfigType.Boolean, "false", null, ConfigImportance.Low,
            ""),
        new("transactional.id.expiration.ms", ConfigType.Int, "604800000", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            ""),
        new("unclean.leader.election.enable", ConfigType.Boolean, "false", null, ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("unclean.leader.election.interval.ms", ConfigType.Long, "300000", new ConfigValidator.Range(1, null),
        ConfigImportance.Medium,
            "")
        { IsInternal = true },
        new("unstable.api.versions.enable", ConfigType.Boolean, "false", null, ConfigImportance.High,
            "")
        { IsInternal = true },
        new("unstable.feature.versions.enable", ConfigType.Boolean, "false", null, ConfigImportance.High,
            "")
        { IsInternal = true },
    ];
}
