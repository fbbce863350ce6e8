namespace KRaftSharp.Quorum.Configs;

/// <summary>Configs of brokers and controllers, from Kafka 4.4: a part of the alphabet.</summary>
internal static class BrokerConfigTableS
{
    public static readonly ConfigKey[] Keys =
    [
        new("ssl.allow.dn.changes", ConfigType.Boolean, "false", null, ConfigImportance.Low,
            "Whether a new certificate may have another distinguished name."),
        new("ssl.allow.san.changes", ConfigType.Boolean, "false", null, ConfigImportance.Low,
            "Whether a new certificate may have other alternative names."),
        new("ssl.cipher.suites", ConfigType.List, "", new ConfigValidator.UniqueList(true, false),
            ConfigImportance.Medium,
            "Cipher suites that may be used; any when empty.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.client.auth", ConfigType.String, "none", new ConfigValidator.OneOf("required", "requested", "none"),
            ConfigImportance.Medium,
            "Whether clients must show a certificate, may, or are not asked.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.enabled.protocols", ConfigType.List, "TLSv1.2,TLSv1.3", new ConfigValidator.UniqueList(true, false),
            ConfigImportance.Medium,
            "TLS versions that may be used.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.endpoint.identification.algorithm", ConfigType.String, "https", null, ConfigImportance.Low,
            "How a server's name is checked against its certificate; not at all when empty.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.engine.factory.class", ConfigType.Class, null, null, ConfigImportance.Low,
            "A class that makes TLS engines.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.key.password", ConfigType.Password, null, null, ConfigImportance.Medium,
            "Password of the private key.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.keymanager.algorithm", ConfigType.String, "SunX509", null, ConfigImportance.Medium,
            "Algorithm of the key manager.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.keystore.certificate.chain", ConfigType.Password, null, null, ConfigImportance.Medium,
            "The certificate chain itself, in PEM.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.keystore.key", ConfigType.Password, null, null, ConfigImportance.Medium,
            "The private key itself, in PEM.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.keystore.location", ConfigType.String, null, null, ConfigImportance.Medium,
            "File of the key store.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.keystore.password", ConfigType.Password, null, null, ConfigImportance.Medium,
            "Password of the key store.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.keystore.type", ConfigType.String, "JKS", null, ConfigImportance.Medium,
            "Format of the key store.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.principal.mapping.rules", ConfigType.String, "DEFAULT", null, ConfigImportance.Low,
            "Rules that make user names of distinguished names."),
        new("ssl.protocol", ConfigType.String, "TLSv1.3", null, ConfigImportance.Medium,
            "The TLS version that is preferred.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.provider", ConfigType.String, null, null, ConfigImportance.Medium,
            "The security provider for TLS.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.secure.random.implementation", ConfigType.String, null, null, ConfigImportance.Low,
            "The random generator for TLS.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.trustmanager.algorithm", ConfigType.String, "PKIX", null, ConfigImportance.Medium,
            "Algorithm of the trust manager.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.truststore.certificates", ConfigType.Password, null, null, ConfigImportance.Medium,
            "The trusted certificates themselves, in PEM.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.truststore.location", ConfigType.String, null, null, ConfigImportance.Medium,
            "File of the trust store.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.truststore.password", ConfigType.Password, null, null, ConfigImportance.Medium,
            "Password of the trust store.")
        { UpdateMode = UpdateMode.PerBroker },
        new("ssl.truststore.type", ConfigType.String, "JKS", null, ConfigImportance.Medium,
            "Format of the trust store.")
        { UpdateMode = UpdateMode.PerBroker },
        new("telemetry.max.bytes", ConfigType.Int, "1048576", new ConfigValidator.Range(1, null),
            ConfigImportance.Low,
            "The most that clients may push as metrics at a time."),
        new("transaction.abort.timed.out.transaction.cleanup.interval.ms", ConfigType.Int, "10000",
            new ConfigValidator.Range(1, null), ConfigImportance.Low,
            "How often transactions past their timeout are aborted."),
        new("transaction.max.timeout.ms", ConfigType.Int, "900000", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "The longest timeout that a transactional producer may ask for."),
        new("transaction.partition.verification.enable", ConfigType.Boolean, "true", null, ConfigImportance.Low,
            "Whether a transactional write is checked to belong to a transaction under way.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("transaction.remove.expired.transaction.cleanup.interval.ms", ConfigType.Int, "3600000",
            new ConfigValidator.Range(1, null), ConfigImportance.Low,
            "How often expired transactional ids are looked for."),
        new("transaction.state.log.load.buffer.size", ConfigType.Int, "5242880", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "Size of the reads when transaction state is loaded."),
        new("transaction.state.log.min.isr", ConfigType.Int, "2", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "min.insync.replicas of the topic of transaction state."),
        new("transaction.state.log.num.partitions", ConfigType.Int, "50", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "Partitions of the topic of transaction state."),
        new("transaction.state.log.replication.factor", ConfigType.Short, "3", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "Replicas of the topic of transaction state."),
        new("transaction.state.log.segment.bytes", ConfigType.Int, "104857600", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "Segment size of the topic of transaction state."),
        new("transaction.two.phase.commit.enable", ConfigType.Boolean, "false", null, ConfigImportance.Low,
            "Whether producers may hold transactions open without a timeout."),
        new("transactional.id.expiration.ms", ConfigType.Int, "604800000", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "How long a transactional id without transactions is remembered."),
        new("unclean.leader.election.enable", ConfigType.Boolean, "false", null, ConfigImportance.High,
            "Whether a replica that is not in sync may lead when no other can, at the cost of acknowledged "
                + "records.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("unclean.leader.election.interval.ms", ConfigType.Long, "300000", new ConfigValidator.Range(1, null),
            ConfigImportance.Medium,
            "How often leaderless partitions are looked for that may be led uncleanly.")
        { IsInternal = true },
        new("unstable.api.versions.enable", ConfigType.Boolean, "false", null, ConfigImportance.High,
            "Whether API versions under development are served.")
        { IsInternal = true },
        new("unstable.feature.versions.enable", ConfigType.Boolean, "false", null, ConfigImportance.High,
            "Whether feature levels under development are known.")
        { IsInternal = true },
    ];
}
