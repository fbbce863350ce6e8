namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs of a client metrics subscription (KIP-714).</summary>
public static class ClientMetricsConfigs
{
    public static ConfigTable All { get; } = new(ClientMetricsConfigTable.Keys);
}
