namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs that a topic may have.</summary>
public static class TopicConfigs
{
    public static ConfigTable All { get; } = new(TopicConfigTable.Keys);
}
