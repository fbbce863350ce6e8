using System.Globalization;
using System.Text.Json;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli.Output;

/// <summary>A value of a report: typed for JSON, a text for people, perhaps in a colour.</summary>
internal readonly record struct Cell
{
    private readonly object? _value;
    private readonly string? _text;

    private Cell(object? value, string? text = null, Tone tone = Tone.Plain)
    {
        _value = value;
        _text = text;
        Tone = tone;
    }

    public static Cell None => default;

    public Tone Tone { get; init; }

    public bool IsNumber => _value is long or double;

    /// <summary>For people; a dash stands for nothing.</summary>
    public string Text => _text ?? _value switch
    {
        null or "" => "-",
        string text => text,
        bool flag => flag ? "yes" : "no",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("0.###", CultureInfo.InvariantCulture),
        string[] { Length: 0 } or int[] { Length: 0 } => "-",
        string[] texts => string.Join(',', texts),
        int[] numbers => string.Join(',', numbers),
        _ => _value.ToString()!,
    };

    public static implicit operator Cell(string? value) => new(value);

    public static implicit operator Cell(bool value) => new(value);

    public static implicit operator Cell(long value) => new(value);

    public static implicit operator Cell(double value) => new(value);

    public static implicit operator Cell(Uuid value) => new(value.ToString());

    public static implicit operator Cell(string[] values) => new(values);

    public static implicit operator Cell(int[] values) => new(values);

    /// <summary>A value that people see in other words.</summary>
    public static Cell Of(long value, string text) => new(value, text);

    public static Cell Of(string value, string text) => new(value, text);

    /// <summary>A number that -1 stands for the lack of.</summary>
    public static Cell Known(long value) => value < 0 ? None : value;

    public static Cell Ids(IEnumerable<int> ids) => (int[])[.. ids];

    /// <summary>Milliseconds since 1970, as a time in UTC.</summary>
    public static Cell Time(long timestampMs) => timestampMs < 0
        ? None
        : new Cell(
            timestampMs,
            DateTimeOffset.FromUnixTimeMilliseconds(timestampMs).ToString(
                "yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    public static Cell Ago(long timestampMs) => timestampMs < 0
        ? None
        : new Cell(timestampMs, $"{Quantities.Duration(TimeSpan.FromMilliseconds(Math.Max(
            DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - timestampMs, 0)))} ago");

    public static Cell Bytes(long count) => count < 0 ? None : new Cell(count, Quantities.Bytes(count));

    public Cell As(Tone tone) => this with { Tone = tone };

    public void WriteTo(Utf8JsonWriter json)
    {
        switch (_value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case string[] texts:
                json.WriteStartArray();
                Array.ForEach(texts, json.WriteStringValue);
                json.WriteEndArray();
                break;
            case int[] numbers:
                json.WriteStartArray();
                Array.ForEach(numbers, json.WriteNumberValue);
                json.WriteEndArray();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
