using KRaftSharp.Protocol.Generator.Diagnostics;
using KRaftSharp.Protocol.Generator.Model;

namespace KRaftSharp.Protocol.Generator.Parsing;

/// <summary>Gathers the structs of one message and checks them once all are known.</summary>
internal sealed class MessageTypes(SchemaParser parser, int flexibleFrom)
{
    private readonly List<(SchemaToken Name, VersionRange Versions, List<FieldDraft> Fields)> _structs = [];

    /// <summary>Structs come before what contains them; the message's own body is last.</summary>
    public void Add(SchemaToken name, VersionRange versions, List<FieldDraft> fields)
    {
        if (_structs.Any(known => known.Name.Text == name.Text))
        {
            parser.Report(SchemaRules.DuplicateStruct, name);
        }

        _structs.Add((name, versions, fields));
    }

    public MessageModel Build(MessageKind kind, int key, ApiTraits traits, SchemaToken name)
    {
        var models = _structs.ConvertAll(draft => new StructModel(
            draft.Name.Text, ClassOf(draft.Name.Text), draft.Versions, BuildFields(draft.Fields)));
        CheckNoCycle(name, models);
        StructModel body = models[models.Count - 1];
        models.RemoveAt(models.Count - 1);
        models.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return new MessageModel(kind, key, flexibleFrom, traits, body, new EquatableArray<StructModel>(models));
    }

    /// <summary>A class may not be named like a property of its own or of the class it lies in.</summary>
    private string ClassOf(string name)
    {
        (SchemaToken Name, VersionRange Versions, List<FieldDraft> Fields) body = _structs[_structs.Count - 1];
        if (name == body.Name.Text)
        {
            return name;
        }

        IEnumerable<FieldDraft> near = _structs.First(known => known.Name.Text == name).Fields.Concat(body.Fields);
        return near.Any(field => field.Name.Text == name) ? name + "Value" : name;
    }

    private EquatableArray<FieldModel> BuildFields(List<FieldDraft> drafts)
    {
        var names = new HashSet<string>();
        var tags = new HashSet<int>();
        foreach (FieldDraft draft in drafts)
        {
            if (!names.Add(draft.Name.Text))
            {
                parser.Report(SchemaRules.DuplicateField, draft.Name);
            }

            if (draft.Tag is { } tag && (!tags.Add(tag) || draft.Versions.Low < flexibleFrom))
            {
                parser.Report(SchemaRules.BadTag, draft.Name);
            }
        }

        return new EquatableArray<FieldModel>(drafts.ConvertAll(BuildField));
    }

    private FieldModel BuildField(FieldDraft draft)
    {
        string type = draft.ElementToken.Text;
        ScalarType? scalar = SchemaTypes.Scalars.TryGetValue(type, out ScalarType known) ? known : null;
        if (scalar is null && IsUnknown(type))
        {
            parser.Report(SchemaRules.UnknownType, draft.ElementToken);
        }

        if (draft.IsNullable && !SchemaTypes.CanBeNull(scalar, draft.IsList))
        {
            parser.Report(SchemaRules.NotNullable, draft.Name);
        }

        bool defaultIsNull = draft.Default?.Text == "null";
        string? literal = null;
        if (draft.Default is { } value)
        {
            literal = defaultIsNull ? null : SchemaTypes.Literal(scalar, draft.IsList, value.Text);
            if (defaultIsNull ? !draft.IsNullable : literal is null)
            {
                parser.Report(SchemaRules.BadDefault, value);
            }
        }

        return new FieldModel(
            draft.Name.Text,
            scalar,
            scalar is null && !IsUnknown(type) ? ClassOf(type) : null,
            draft.IsList,
            draft.Versions,
            draft.NullableFrom,
            draft.Tag,
            literal,
            defaultIsNull,
            draft.Ignorable,
            draft.Plain);
    }

    private bool IsUnknown(string type) => _structs.All(other => other.Name.Text != type);

    private void CheckNoCycle(SchemaToken name, List<StructModel> models)
    {
        var byClass = models.GroupBy(model => model.ClassName).ToDictionary(group => group.Key, group => group.First());
        foreach (StructModel model in models)
        {
            if (Reaches(byClass, model, model.ClassName, models.Count))
            {
                parser.Report(SchemaRules.SelfContained, name, model.Name);
            }
        }
    }

    private static bool Reaches(
        Dictionary<string, StructModel> byClass, StructModel from, string target, int depthLeft) =>
        depthLeft >= 0 && from.Fields.Any(field => field.StructClass is { } inner
            && (inner == target || Reaches(byClass, byClass[inner], target, depthLeft - 1)));
}
