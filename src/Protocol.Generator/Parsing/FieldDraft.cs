using KRaftSharp.Protocol.Generator.Model;

namespace KRaftSharp.Protocol.Generator.Parsing;

/// <summary>A field as it was read, before its type is known to exist.</summary>
internal sealed class FieldDraft
{
    public FieldDraft(SchemaToken type, SchemaToken name)
    {
        Name = name;
        string text = type.Text;
        IsNullable = text.EndsWith("?", StringComparison.Ordinal);
        text = IsNullable ? text.Substring(0, text.Length - 1) : text;
        IsList = text.EndsWith("[]", StringComparison.Ordinal);
        text = IsList ? text.Substring(0, text.Length - 2) : text;
        ElementToken = type with { Text = text };
    }

    public SchemaToken Name { get; }

    /// <summary>The type without the marks for list and null.</summary>
    public SchemaToken ElementToken { get; }

    public bool IsNullable { get; }

    public bool IsList { get; }

    public VersionRange Versions { get; set; } = new(0, 0);

    public int? NullableFrom { get; set; }

    public bool Plain { get; set; }

    public int? Tag { get; set; }

    public SchemaToken? Default { get; set; }

    public bool Ignorable { get; set; }
}
