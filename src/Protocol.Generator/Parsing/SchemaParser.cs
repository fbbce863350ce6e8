using KRaftSharp.Protocol.Generator.Diagnostics;
using KRaftSharp.Protocol.Generator.Model;
using Microsoft.CodeAnalysis.Text;

namespace KRaftSharp.Protocol.Generator.Parsing;

/// <summary>Reads one schema file. The language: <code>
/// request NameRequest 0 versions 3..13 flexible 9.. on broker controller forwardable {
///     string? Name since 4 until 12 = null ignorable
///     Part[] Parts nullable since 5 tag 0 {
///         int Index
///     }
///     struct Other {
///         uuid Id
///     }
/// }
/// </code> Versions are written where they are narrower than what encloses the field; a default where it is not zero or
/// empty. After the first mistake nothing more is read.</summary>
internal sealed class SchemaParser
{
    private static readonly (string Word, ApiTraits Trait)[] TraitWords =
    [
        ("broker", ApiTraits.Broker),
        ("controller", ApiTraits.Controller),
        ("cluster-action", ApiTraits.ClusterAction),
        ("forwardable", ApiTraits.Forwardable),
        ("unstable", ApiTraits.Unstable),
    ];

    private readonly string _path;
    private readonly List<SchemaLine> _lines;
    private readonly List<SchemaDiagnostic> _diagnostics = [];
    private int _next;

    private SchemaParser(string path, SourceText text)
    {
        _path = path;
        _lines = SchemaLine.Split(text);
    }

    private bool Failed => _diagnostics.Count > 0;

    public static SchemaFile Parse(string path, SourceText text)
    {
        var parser = new SchemaParser(path, text);
        var messages = new List<MessageModel>();
        while (parser._next < parser._lines.Count && !parser.Failed)
        {
            if (parser.ParseMessage() is { } message && !parser.Failed)
            {
                messages.Add(message);
            }
        }

        return new SchemaFile(
            path,
            parser.Failed ? EquatableArray<MessageModel>.Empty : new EquatableArray<MessageModel>(messages),
            new EquatableArray<SchemaDiagnostic>(parser._diagnostics));
    }

    internal void Report(string id, SchemaToken at, string? subject = null)
    {
        if (!Failed)
        {
            _diagnostics.Add(
                new SchemaDiagnostic(id, _path, at.Line, at.Column, at.Text.Length, subject ?? at.Text));
        }
    }

    private MessageModel? ParseMessage()
    {
        SchemaLine line = _lines[_next++];
        if (!SchemaTypes.Kinds.TryGetValue(line.Take().Text, out MessageKind kind))
        {
            Report(SchemaRules.UnknownKind, line.First);
            return null;
        }

        SchemaToken name = line.Take();
        bool hasKey = line.TryTakeNumber(out int key);
        if (SchemaTypes.HasKey(kind) != hasKey)
        {
            Report(SchemaRules.MissingKey, name);
        }

        VersionRange? versions = line.TryTake("versions") ? TakeVersions(line) : null;
        int flexibleFrom = VersionRange.Open;
        if (line.TryTake("flexible") && TakeVersions(line) is { } flexible)
        {
            flexibleFrom = flexible.Low;
        }

        ApiTraits traits = TakeTraits(line);
        if (versions is null || versions.IsEmpty || !line.TryTake("{") || !line.AtEnd)
        {
            Report(versions is { IsEmpty: true } ? SchemaRules.BadVersions : SchemaRules.Syntax, line.Take());
            return null;
        }

        var types = new MessageTypes(this, flexibleFrom);
        ParseBody(types, name, versions);
        return Failed ? null : types.Build(kind, hasKey ? key : -1, traits, name);
    }

    private static ApiTraits TakeTraits(SchemaLine line)
    {
        ApiTraits traits = ApiTraits.None;
        line.TryTake("on");
        for (int i = 0; i < TraitWords.Length;)
        {
            if (line.TryTake(TraitWords[i].Word))
            {
                traits |= TraitWords[i].Trait;
                i = 0;
            }
            else
            {
                i++;
            }
        }

        return traits;
    }

    /// <summary>"3", "3..5" or "3..".</summary>
    private VersionRange? TakeVersions(SchemaLine line)
    {
        SchemaToken token = line.Take();
        int dots = token.Text.IndexOf("..", StringComparison.Ordinal);
        string low = dots < 0 ? token.Text : token.Text.Substring(0, dots);
        string high = dots < 0 ? low : token.Text.Substring(dots + 2);
        if (ushort.TryParse(low, out ushort first))
        {
            if (high.Length == 0)
            {
                return new VersionRange(first, VersionRange.Open);
            }

            if (ushort.TryParse(high, out ushort last))
            {
                return new VersionRange(first, last);
            }
        }

        Report(SchemaRules.Syntax, token);
        return null;
    }

    /// <summary>Fields and structs up to the closing brace.</summary>
    private void ParseBody(MessageTypes types, SchemaToken name, VersionRange versions)
    {
        var fields = new List<FieldDraft>();
        while (!Failed)
        {
            if (_next >= _lines.Count)
            {
                Report(SchemaRules.Unclosed, name);
                return;
            }

            SchemaLine line = _lines[_next++];
            if (line.TryTake("}"))
            {
                break;
            }

            if (line.TryTake("struct"))
            {
                SchemaToken structName = line.Take();
                Expect(line.TryTake("{") && line.AtEnd, line);
                ParseBody(types, structName, versions);
            }
            else
            {
                fields.Add(ParseField(types, line, versions));
            }
        }

        types.Add(name, versions, fields);
    }

    private FieldDraft ParseField(MessageTypes types, SchemaLine line, VersionRange enclosing)
    {
        var draft = new FieldDraft(line.Take(), line.Take());
        int since = line.TryTake("since") ? TakeNumber(line) : enclosing.Low;
        int until = line.TryTake("until") ? TakeNumber(line) : enclosing.High;
        draft.Versions = new VersionRange(since, until);
        if (draft.Versions.IsEmpty || !enclosing.Covers(draft.Versions))
        {
            Report(SchemaRules.BadVersions, draft.Name);
        }

        if (draft.IsNullable)
        {
            draft.NullableFrom = since;
        }

        if (line.TryTake("nullable"))
        {
            Expect(line.TryTake("since") && draft.IsNullable, line);
            draft.NullableFrom = TakeNumber(line);
        }

        draft.Plain = line.TryTake("plain");
        draft.Tag = line.TryTake("tag") ? TakeNumber(line) : null;
        draft.Default = line.TryTake("=") ? line.Take() : null;
        draft.Ignorable = line.TryTake("ignorable");
        bool opens = line.TryTake("{");
        Expect(line.AtEnd, line);
        if (opens && !Failed)
        {
            ParseBody(types, draft.ElementToken, draft.Versions);
        }

        return draft;
    }

    private int TakeNumber(SchemaLine line)
    {
        if (line.TryTakeNumber(out int number) && number >= 0)
        {
            return number;
        }

        Report(SchemaRules.Syntax, line.Take());
        return 0;
    }

    private void Expect(bool condition, SchemaLine line)
    {
        if (!condition)
        {
            Report(SchemaRules.Syntax, line.Take());
        }
    }
}
