namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs of brokers and controllers: of server.properties, and those set dynamically.</summary>
public static class BrokerConfigs
{
    private const string ListenerPrefix = "listener.name.";

    /// <summary>Every key that server.properties may have.</summary>
    public static ConfigTable All { get; } = new(
    [
        .. BrokerConfigTableA.Keys, .. BrokerConfigTableG.Keys, .. BrokerConfigTableL.Keys,
        .. BrokerConfigTableR.Keys, .. BrokerConfigTableS.Keys,
    ]);

    /// <summary>What a broker resource may be given at run time, without a listener's prefix.</summary>
    public static ConfigTable Dynamic { get; } = new(
        [.. All.All.Where(key => key.UpdateMode != UpdateMode.ReadOnly), .. DynamicBrokerConfigTable.Keys]);

    /// <summary>The dynamic config of this name, a listener's prefix taken off; null when there is none.</summary>
    public static ConfigKey? FindDynamic(string name)
    {
        if (Dynamic.TryGet(name, out ConfigKey? key))
        {
            return key;
        }

        return WithoutListener(name) is { } bare && Dynamic.TryGet(bare, out key) ? key : null;
    }

    /// <summary>The config of this name, a listener's prefix taken off; null when there is none.</summary>
    public static ConfigKey? Find(string name)
    {
        if (All.TryGet(name, out ConfigKey? key))
        {
            return key;
        }

        return WithoutListener(name) is { } bare && All.TryGet(bare, out key) ? key : null;
    }

    /// <summary>Why a broker may not be given these configs at run time, in Kafka's words, or null.</summary>
    /// <param name="isForAll">True for the defaults of all brokers, false for one broker.</param>
    public static string? CheckDynamic(IEnumerable<string> names, bool isForAll)
    {
        List<string> fixedNames = [.. names.Where(name => Find(name) is { UpdateMode: UpdateMode.ReadOnly })];
        if (fixedNames.Count > 0)
        {
            return $"Cannot update these configs dynamically: [{string.Join(", ", fixedNames)}]";
        }

        List<string> perBroker =
            [.. names.Where(name => FindDynamic(name) is { UpdateMode: UpdateMode.PerBroker })];
        return isForAll && perBroker.Count > 0
            ? "Cannot update these configs at default cluster level, broker id must be specified: "
                + $"[{string.Join(", ", perBroker)}]"
            : null;
    }

    // listener.name.{listener}.{key}, where the key may have dots but the listener's name has none.
    private static string? WithoutListener(string name)
    {
        if (!name.StartsWith(ListenerPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        int dot = name.IndexOf('.', ListenerPrefix.Length);
        return dot < 0 ? null : name[(dot + 1)..];
    }
}
