using System.Globalization;

namespace KRaftSharp.Quorum.Configs;

/// <summary>Reads config values as Kafka does, with its error messages.</summary>
public static class ConfigValue
{
    /// <summary>The items of a list: separated by commas, blanks around them do not count.</summary>
    public static IReadOnlyList<string> ParseList(string text)
    {
        string trimmed = text.Trim();
        return trimmed.Length == 0 ? [] : [.. trimmed.Split(',').Select(item => item.Trim())];
    }

    /// <summary>Parses and validates.</summary>
    /// <param name="value">
    /// A bool, a long (of int, short and long alike), a double, a string, a list of strings; null for null.
    /// </param>
    /// <param name="error">"Invalid value x for configuration y: why".</param>
    public static bool TryParse(ConfigKey key, string? text, out object? value, out string? error)
    {
        ConfigFault? fault = Parse(key.Type, text?.Trim(), out value) is { } why
            ? new ConfigFault(why)
            : key.Validator?.Check(key.Name, value);
        error = fault is { } found ? Describe(key, text, found) : null;
        return error is null;
    }

    private static string Describe(ConfigKey key, string? text, ConfigFault fault)
    {
        if (fault.IsWhole)
        {
            return fault.Message;
        }

        string shown = key.IsSensitive ? "[hidden]" : fault.Shown ?? text?.Trim() ?? "null";
        return $"Invalid value {shown} for configuration {key.Name}: {fault.Message}";
    }

    private static string? Parse(ConfigType type, string? text, out object? value)
    {
        value = null;
        if (text is null)
        {
            return null;
        }

        switch (type)
        {
            case ConfigType.Boolean:
                bool isBool = bool.TryParse(text, out bool flag);
                value = flag;
                return isBool ? null : "Expected value to be either true or false";
            case ConfigType.Int:
                return ParseWhole(text, int.MinValue, int.MaxValue, "INT", out value);
            case ConfigType.Short:
                return ParseWhole(text, short.MinValue, short.MaxValue, "SHORT", out value);
            case ConfigType.Long:
                return ParseWhole(text, long.MinValue, long.MaxValue, "LONG", out value);
            case ConfigType.Double:
                bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double d);
                value = d;
                return isNumber ? null : "Not a number of type DOUBLE";
            case ConfigType.List:
                value = ParseList(text);
                return null;
            default:
                value = text;
                return null;
        }
    }

    private static string? ParseWhole(string text, long min, long max, string type, out object? value)
    {
        bool isNumber = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long n);
        value = n;
        return isNumber && n >= min && n <= max ? null : $"Not a number of type {type}";
    }
}
