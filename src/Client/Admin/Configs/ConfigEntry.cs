namespace KRaftSharp.Client.Admin;

/// <summary>One key's value and where it comes from.</summary>
/// <param name="Name">Kafka's key.</param>
/// <param name="Value">Null where it is secret or not set.</param>
/// <param name="Source">1 topic, 2 broker, 3 broker default, 4 static file, 5 built-in default, 6 logger.</param>
/// <param name="IsReadOnly">Cannot be altered while the broker runs.</param>
/// <param name="IsSensitive">Its value is not told.</param>
public sealed record ConfigEntry(string Name, string? Value, sbyte Source, bool IsReadOnly, bool IsSensitive)
{
    private const sbyte BuiltIn = 5;

    /// <summary>What the key means; null unless it was asked for.</summary>
    public string? Documentation { get; init; }

    /// <summary>Empty unless they were asked for.</summary>
    public IReadOnlyList<ConfigSynonym> Synonyms { get; init; } = [];

    /// <summary>Nobody has set it.</summary>
    public bool IsDefault => Source == BuiltIn;
}
