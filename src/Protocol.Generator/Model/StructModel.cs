namespace KRaftSharp.Protocol.Generator.Model;

/// <summary>A message's body or a struct inside it, as one class.</summary>
internal sealed record StructModel(
    string Name, string ClassName, VersionRange Versions, EquatableArray<FieldModel> Fields);
