using System.Text.Json;
using KRaftSharp.Client.Admin;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli.Output;

/// <summary>What a command changed, item by item: a sentence for people, an object as JSON.</summary>
internal sealed class ChangeLog
{
    private readonly List<(string? Sentence, (string Name, Cell Value)[] Fields, Outcome Outcome)> _items = [];

    /// <summary>What was done.</summary>
    public IEnumerable<string> Lines => _items.Where(item => item.Outcome.IsOk).Select(item => item.Sentence!);

    /// <summary>What was not, for the error stream.</summary>
    public IEnumerable<(string Message, ErrorCode Error)> Failures => _items.Where(item => !item.Outcome.IsOk).Select(
        item => ($"{item.Fields[0].Name} {item.Fields[0].Value.Text}: {item.Outcome.Text}", item.Outcome.Error));

    public void Done(string sentence, params (string Name, Cell Value)[] fields) =>
        _items.Add((sentence, fields, Outcome.Ok));

    /// <param name="outcome">Decides whether the sentence is said.</param>
    /// <param name="sentence">What was done.</param>
    /// <param name="fields">The first names the item.</param>
    public void Add(Outcome outcome, string sentence, params (string Name, Cell Value)[] fields) =>
        _items.Add((sentence, fields, outcome));

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach ((_, (string Name, Cell Value)[] fields, Outcome outcome) in _items)
        {
            json.WriteStartObject();
            foreach ((string name, Cell value) in fields)
            {
                json.WritePropertyName(Report.JsonName(name));
                value.WriteTo(json);
            }

            json.WriteBoolean("ok", outcome.IsOk);
            if (!outcome.IsOk)
            {
                json.WriteString("error", ErrorCodes.KafkaName(outcome.Error));
                json.WriteString("message", outcome.Text);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
