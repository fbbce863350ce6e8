namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs of a client metrics subscription (KIP-714).</summary>
public static class ClientMetricsConfigs
{
    private static readonly string[] Selectors =
    [
        "client_instance_id", "client_id", "client_software_name", "client_software_version",
        "client_source_address", "client_source_port",
    ];

    public static ConfigTable All { get; } = new(ClientMetricsConfigTable.Keys);

    /// <summary>The first part of a match that is no selector=pattern, or null.</summary>
    public static string? CheckMatch(string match) => ConfigValue.ParseList(match).FirstOrDefault(part =>
        part.Split('=') is not [var name, { Length: > 0 }] || !Selectors.Contains(name.Trim()));
}
