using System.Text.Json;

namespace KRaftSharp.Cli.Output;

/// <summary>What is told of one thing: facts about it, then parts of it; an object as JSON.</summary>
/// <param name="kind">What it is, such as <c>topic</c>; the name of its name in JSON.</param>
/// <param name="name">Which one.</param>
internal sealed class Page(string kind, Cell name)
{
    private readonly List<(string Name, Cell Value)> _facts = [];
    private readonly List<(string Name, IReadOnlyList<KeyValuePair<string, string?>> Pairs)> _pairs = [];
    private readonly List<(string Name, Report Report)> _reports = [];

    public IReadOnlyList<(string Name, Report Report)> Reports => _reports;

    public IEnumerable<KeyValuePair<string, string?>> Pairs => _pairs.SelectMany(pairs => pairs.Pairs);

    /// <summary>All facts in one line.</summary>
    public string Line => $"{kind} {name.Text}"
        + (_facts.Count == 0 ? "" : ": " + string.Join(", ", _facts.Select(fact => $"{fact.Name} {fact.Value.Text}")));

    public Page Fact(string factName, Cell value)
    {
        _facts.Add((factName, value));
        return this;
    }

    public Page Add(string partName, Report report)
    {
        _reports.Add((partName, report));
        return this;
    }

    /// <summary>Keys with values, <c>key=value</c> for people.</summary>
    public Page Add(string partName, IEnumerable<KeyValuePair<string, string?>> pairs)
    {
        _pairs.Add((partName, [.. pairs]));
        return this;
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePropertyName(Report.JsonName(kind));
        name.WriteTo(json);
        foreach ((string factName, Cell value) in _facts)
        {
            json.WritePropertyName(Report.JsonName(factName));
            value.WriteTo(json);
        }

        foreach ((string partName, IReadOnlyList<KeyValuePair<string, string?>> pairs) in _pairs)
        {
            json.WriteStartObject(partName);
            foreach ((string key, string? value) in pairs)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        foreach ((string partName, Report report) in _reports)
        {
            json.WritePropertyName(partName);
            report.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
