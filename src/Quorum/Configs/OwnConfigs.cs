namespace KRaftSharp.Quorum.Configs;

/// <summary>Names of the configs that Apache Kafka does not have.</summary>
public static class OwnConfigs
{
    public const string AdminListeners = "kraftsharp.admin.listeners";
    public const string AdminAdvertised = "kraftsharp.admin.advertised.listener";
    public const string AdminTokens = "kraftsharp.admin.tokens";
    public const string AdminCertificateFile = "kraftsharp.admin.tls.certificate.file";
    public const string AdminKeyFile = "kraftsharp.admin.tls.key.file";
    public const string AdminClientCaFile = "kraftsharp.admin.tls.client.ca.file";
    public const string AdminMaxBodyBytes = "kraftsharp.admin.max.body.bytes";
    public const string TelemetryReceivers = "kraftsharp.client.telemetry.receivers";
    public const string OtlpEndpoint = "kraftsharp.otlp.endpoint";

    /// <summary>Their declarations.</summary>
    public static ConfigTable All { get; } = new(OwnConfigTable.Keys);
}
