namespace KRaftSharp.Quorum.Configs;

/// <summary>How likely it is that somebody needs to know a config.</summary>
public enum ConfigImportance
{
    High,
    Medium,
    Low,
}
