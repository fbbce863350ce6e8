namespace KRaftSharp.Quorum.Configs;

/// <summary>The declaration of one config.</summary>
/// <param name="Default">As it would be written in a file; null where nothing is the default.</param>
/// <param name="Validator">Null where every value of the type will do.</param>
public sealed record ConfigKey(
    string Name,
    ConfigType Type,
    string? Default,
    ConfigValidator? Validator,
    ConfigImportance Importance,
    string Doc)
{
    /// <summary>True for a key without default that must be given.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Not shown unless it is set.</summary>
    public bool IsInternal { get; init; }

    public UpdateMode UpdateMode { get; init; } = UpdateMode.ReadOnly;

    /// <summary>The broker configs that give the default, the first that is set counts.</summary>
    public IReadOnlyList<ConfigSynonym> Synonyms { get; init; } = [];

    public bool IsSensitive => Type == ConfigType.Password;

    /// <summary>What is wrong with a value, in Kafka's words, or null.</summary>
    public string? Check(string? text) => ConfigValue.TryParse(this, text, out _, out string? error) ? null : error;
}
