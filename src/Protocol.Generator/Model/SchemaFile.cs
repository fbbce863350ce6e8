using KRaftSharp.Protocol.Generator.Diagnostics;

namespace KRaftSharp.Protocol.Generator.Model;

/// <summary>What one schema file holds; no messages where it has a mistake.</summary>
internal sealed record SchemaFile(
    string Path, EquatableArray<MessageModel> Messages, EquatableArray<SchemaDiagnostic> Diagnostics);
