namespace KRaftSharp.Quorum.Configs;

/// <summary>
/// Configs that Apache Kafka does not have. They are read from server.properties like Kafka's own, but a broker does
/// not list them among its configs: it tells one only to who asks for it by its name.
/// </summary>
internal static class OwnConfigTable
{
    public static readonly ConfigKey[] Keys =
    [
        new(OwnConfigs.AdminListeners, ConfigType.List, "", null, ConfigImportance.Medium,
            "Where the admin HTTP endpoint listens: http://host:port or https://host:port, several with commas; "
            + "none unless set."),
        new(OwnConfigs.AdminAdvertised, ConfigType.String, null, null, ConfigImportance.Low,
            "The address of the admin HTTP endpoint that other nodes use; the first listener unless set."),
        new(OwnConfigs.AdminTokens, ConfigType.Password, null, null, ConfigImportance.Medium,
            "Bearer tokens of the admin HTTP endpoint: role:token with role admin or reader, several with commas. "
            + "Needed for an address that is not loopback, unless client certificates are asked for."),
        new(OwnConfigs.AdminCertificateFile, ConfigType.String, null, null, ConfigImportance.Low,
            "The PEM file with the certificate (chain) for https."),
        new(OwnConfigs.AdminKeyFile, ConfigType.String, null, null, ConfigImportance.Low,
            "The PEM file with the private key for https."),
        new(OwnConfigs.AdminClientCaFile, ConfigType.String, null, null, ConfigImportance.Low,
            "The PEM file of the authority whose client certificates are let in, as admin."),
        new(OwnConfigs.AdminMaxBodyBytes, ConfigType.Int, "1048576", new ConfigValidator.Range(1024, 104_857_600),
            ConfigImportance.Low,
            "The largest body, and the largest record of a stream, that the admin HTTP endpoint takes."),
        new(OwnConfigs.TelemetryReceivers, ConfigType.List, "",
            new ConfigValidator.UniqueList(true, false, "metrics", "log"), ConfigImportance.Low,
            "Where metrics go that clients push (KIP-714): metrics for the metrics endpoint, log for a line a push. "
            + "Without any, clients are not offered to push, as in Kafka without a plugin for it."),
        new(OwnConfigs.OtlpEndpoint, ConfigType.String, null, null, ConfigImportance.Low,
            "The OTLP collector that metrics are sent to, such as http://collector:4317; none unless set."),
    ];
}
