namespace KRaftSharp.Client.Admin;

/// <summary>One of the places that a value can come from, in the order of their precedence.</summary>
/// <param name="Name">The key there.</param>
/// <param name="Value">Null where it is secret.</param>
/// <param name="Source">As in <see cref="ConfigEntry"/>.</param>
public sealed record ConfigSynonym(string Name, string? Value, sbyte Source);
