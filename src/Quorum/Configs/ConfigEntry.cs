namespace KRaftSharp.Quorum.Configs;

/// <summary>A config as it is in force, and where it comes from.</summary>
/// <param name="Value">Null when nothing is set and nothing is the default. Never show it when sensitive.</param>
/// <param name="Synonyms">Every setting that bears on it, the one in force first.</param>
public sealed record ConfigEntry(
    ConfigKey Key, string? Value, ConfigSource Source, bool IsReadOnly, IReadOnlyList<SourcedValue> Synonyms)
{
    public string Name => Key.Name;

    public bool IsSensitive => Key.IsSensitive;
}
