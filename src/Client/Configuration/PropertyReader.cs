using System.Globalization;

namespace KRaftSharp.Client.Configuration;

/// <summary>Reads typed values out of Kafka's properties, with Kafka's rules and its words for what is wrong, and
/// remembers which keys nobody asked for.</summary>
internal sealed class PropertyReader
{
    private readonly Dictionary<string, string> _properties = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public PropertyReader(IEnumerable<KeyValuePair<string, string>> properties)
    {
        foreach ((string key, string value) in properties)
        {
            _properties[key] = value;
        }
    }

    /// <summary>Keys that were given and that no call has named, in their order.</summary>
    public IEnumerable<string> Unasked =>
        _properties.Keys.Where(key => !_asked.Contains(key)).Order(StringComparer.Ordinal);

    public bool Has(string key)
    {
        _asked.Add(key);
        return _properties.ContainsKey(key);
    }

    public string? Text(string key) => Has(key) ? _properties[key].Trim() : null;

    /// <summary>A text that must not be empty where it is given.</summary>
    public string? NonEmpty(string key) => Text(key) switch
    {
        "" => throw new KafkaConfigException(key, "", "String must be non-empty"),
        var text => text,
    };

    public string OneOf(string key, string preset, params ReadOnlySpan<string> allowed)
    {
        string value = Text(key) ?? preset;
        return allowed.Contains(value)
            ? value
            : throw new KafkaConfigException(key, value, $"String must be one of: {string.Join(", ", allowed)}");
    }

    /// <summary>One of the allowed values, as it stands among them.</summary>
    public string OneOfAnyCase(string key, string preset, params ReadOnlySpan<string> allowed)
    {
        string value = Text(key) ?? preset;
        foreach (string one in allowed)
        {
            if (string.Equals(one, value, StringComparison.OrdinalIgnoreCase))
            {
                return one;
            }
        }

        throw new KafkaConfigException(
            key, value, $"String must be one of (case insensitive): {string.Join(", ", allowed)}");
    }

    public bool Bool(string key, bool preset) => Text(key) is not { } text
        ? preset
        : bool.TryParse(text, out bool value)
            ? value
            : throw new KafkaConfigException(key, text, "Expected value to be either true or false");

    public int Int(string key, int preset, int least = int.MinValue, int most = int.MaxValue)
    {
        if (Text(key) is not { } text)
        {
            return preset;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? (int)InRange(key, value, least, most)
            : throw new KafkaConfigException(key, text, "Not a number of type INT");
    }

    public long Long(string key, long preset, long least = long.MinValue, long most = long.MaxValue)
    {
        if (Text(key) is not { } text)
        {
            return preset;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? InRange(key, value, least, most)
            : throw new KafkaConfigException(key, text, "Not a number of type LONG");
    }

    public double Double(string key, double preset) => Text(key) is not { } text
        ? preset
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw new KafkaConfigException(key, text, "Not a number of type DOUBLE");

    /// <summary>Milliseconds of Kafka's type INT.</summary>
    public TimeSpan IntMs(string key, TimeSpan preset, int least = 0) =>
        TimeSpan.FromMilliseconds(Int(key, (int)Math.Min(preset.TotalMilliseconds, int.MaxValue), least));

    /// <summary>Milliseconds of Kafka's type LONG; as long as a timer can be where it is longer.</summary>
    public TimeSpan LongMs(string key, TimeSpan preset, long least = 0) =>
        TimeSpan.FromMilliseconds(Math.Min(Long(key, (long)preset.TotalMilliseconds, least), int.MaxValue));

    public IReadOnlyList<string> List(string key) => Text(key) is { Length: > 0 } text
        ? text.Split(',', StringSplitOptions.TrimEntries)
        : [];

    private static long InRange(string key, long value, long least, long most)
    {
        string text = value.ToString(CultureInfo.InvariantCulture);
        return value < least ? throw new KafkaConfigException(key, text, $"Value must be at least {least}")
            : value > most ? throw new KafkaConfigException(key, text, $"Value must be no more than {most}")
            : value;
    }
}
