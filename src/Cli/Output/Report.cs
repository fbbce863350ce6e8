using System.Text.Json;

namespace KRaftSharp.Cli.Output;

/// <summary>Rows for people or for other programs: a table on a terminal, tab-separated lines when piped, an array of
/// objects as JSON.</summary>
internal sealed class Report(params string[] columns)
{
    private readonly List<Cell[]> _rows = [];

    public IReadOnlyList<string> Columns => columns;

    public IReadOnlyList<Cell[]> Rows => _rows;

    /// <summary>What is said on a terminal when there are no rows.</summary>
    public string Empty { get; init; } = "nothing found";

    public void Add(params Cell[] cells)
    {
        if (cells.Length != columns.Length)
        {
            throw new ArgumentException($"{cells.Length} cells for {columns.Length} columns");
        }

        _rows.Add(cells);
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (Cell[] row in _rows)
        {
            json.WriteStartObject();
            for (int i = 0; i < columns.Length; i++)
            {
                json.WritePropertyName(JsonName(columns[i]));
                row[i].WriteTo(json);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary><c>log end</c> becomes <c>logEnd</c>.</summary>
    public static string JsonName(string words)
    {
        string[] parts = words.Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(parts.Select((part, i) => i == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));
    }
}
