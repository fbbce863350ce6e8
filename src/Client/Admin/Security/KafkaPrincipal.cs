namespace KRaftSharp.Client.Admin;

/// <summary>Who is meant: a type, nearly always <c>User</c>, and a name.</summary>
public readonly record struct KafkaPrincipal(string Type, string Name)
{
    /// <summary>Parses <c>User:alice</c>.</summary>
    /// <exception cref="FormatException">There is no colon.</exception>
    public static KafkaPrincipal Parse(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is var colon && colon > 0
            ? new KafkaPrincipal(text[..colon], text[(colon + 1)..])
            : throw new FormatException($"'{text}' is no principal: one looks like User:alice");

    public override string ToString() => $"{Type}:{Name}";
}
