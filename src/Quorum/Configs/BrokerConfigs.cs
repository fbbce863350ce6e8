namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs of brokers and controllers: of server.properties, and those set dynamically.</summary>
public static class BrokerConfigs
{
    /// <summary>Every key that server.properties may have.</summary>
    public static ConfigTable All { get; } = new(
    [
        .. BrokerConfigTableA.Keys, .. BrokerConfigTableG.Keys, .. BrokerConfigTableL.Keys,
        .. BrokerConfigTableR.Keys, .. BrokerConfigTableS.Keys,
    ]);

    /// <summary>What a broker resource may be given at run time, without a listener's prefix.</summary>
    public static ConfigTable Dynamic { get; } = new(
        [.. All.All.Where(key => key.UpdateMode != UpdateMode.ReadOnly), .. DynamicBrokerConfigTable.Keys]);
}
