namespace KRaftSharp.Quorum.Configs;

/// <summary>One setting among those that bear on a config.</summary>
public readonly record struct SourcedValue(string Name, string? Value, ConfigSource Source);
