using System.Buffers;
using System.Globalization;

namespace KRaftSharp.Cli.Output;

/// <summary>Numbers with units, for people and from them.</summary>
internal static class Quantities
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    private static readonly SearchValues<char> NumberLetters = SearchValues.Create("0123456789.");

    public static string Bytes(double count)
    {
        int unit = 0;
        while (Math.Abs(count) >= 1024 && unit < ByteUnits.Length - 1)
        {
            count /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{count:0.#} {ByteUnits[unit]}");
    }

    public static string Count(double count) => count switch
    {
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:0.##}G"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.##}M"),
        >= 1e4 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e3:0.#}k"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count:0}"),
    };

    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s"),
        < 86400 => string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h {time.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.Days} d {time.Hours} h"),
    };

    /// <summary>Parses <c>90s</c>, <c>15m</c>, <c>2h</c>, <c>7d</c>, <c>250ms</c>, or ISO 8601 such as
    /// <c>PT15M</c>.</summary>
    /// <exception cref="FormatException">None of them.</exception>
    public static TimeSpan ParseDuration(string text)
    {
        if (text.StartsWith('P') || text.StartsWith("-P", StringComparison.Ordinal))
        {
            return System.Xml.XmlConvert.ToTimeSpan(text);
        }

        int unitAt = text.AsSpan().IndexOfAnyExcept(NumberLetters);
        double perUnitMs = unitAt <= 0
            ? 0
            : text[unitAt..] switch
            {
                "ms" => 1,
                "s" => 1000,
                "m" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                _ => 0,
            };
        return perUnitMs > 0
            && double.TryParse(
                text.AsSpan(0, unitAt), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                ? TimeSpan.FromMilliseconds(number * perUnitMs)
                : throw new FormatException($"'{text}' is no duration: give 30s, 15m, 2h, 7d or PT15M");
    }

    /// <summary>Parses milliseconds since 1970 or a date, UTC unless it says otherwise.</summary>
    /// <exception cref="FormatException">Neither.</exception>
    public static DateTimeOffset ParseTime(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long ms))
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(ms);
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw new FormatException($"'{text}' is no time: give milliseconds or a date like 2026-01-31T10:00Z");
    }
}
