namespace KRaftSharp.Protocol.Generator.Parsing;

/// <summary>A word of a schema file and where it stands, both from 0.</summary>
internal sealed record SchemaToken(string Text, int Line, int Column);
