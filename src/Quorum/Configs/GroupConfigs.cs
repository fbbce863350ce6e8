namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs that a group may have (KIP-848, KIP-932, KIP-1071).</summary>
public static class GroupConfigs
{
    public static ConfigTable All { get; } = new(GroupConfigTable.Keys);
}
