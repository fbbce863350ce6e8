using System.Globalization;
using System.Text.RegularExpressions;
using KRaftSharp.Quorum.Configs;

namespace KRaftSharp.Broker.Telemetry;

/// <summary>One client-metrics resource: whose metrics, which of them, how often (KIP-714).</summary>
internal sealed class MetricsSubscription
{
    public const int DefaultIntervalMs = 300_000;

    private readonly List<(string Selector, Regex? Pattern)> _selectors;

    private MetricsSubscription(
        IReadOnlyList<string> metrics, int intervalMs, List<(string Selector, Regex? Pattern)> selectors)
    {
        Metrics = metrics;
        IntervalMs = intervalMs;
        _selectors = selectors;
    }

    /// <summary>Prefixes of metric names; "*" for all.</summary>
    public IReadOnlyList<string> Metrics { get; }

    public int IntervalMs { get; }

    /// <param name="configs">Those of the resource; the controller has checked them.</param>
    public static MetricsSubscription Parse(IReadOnlyDictionary<string, string> configs)
    {
        string interval = configs.GetValueOrDefault("interval.ms") ?? "";
        return new MetricsSubscription(
            [.. ConfigValue.ParseList(configs.GetValueOrDefault("metrics") ?? "")],
            int.TryParse(interval, NumberStyles.Integer, CultureInfo.InvariantCulture, out int intervalMs)
                ? intervalMs
                : DefaultIntervalMs,
            [.. ConfigValue.ParseList(configs.GetValueOrDefault("match") ?? "").Select(ParseSelector)]);
    }

    /// <summary>All selectors match the whole of what they ask for; without any, every client matches.</summary>
    public bool Matches(ClientAttributes client) => _selectors.TrueForAll(selector =>
        client.Value(selector.Selector) is { } value && selector.Pattern?.IsMatch(value) == true);

    private static (string Selector, Regex? Pattern) ParseSelector(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? (text, null)
            : (text[..equals].Trim(), TryParsePattern(text[(equals + 1)..].Trim()));
    }

    /// <summary>Null for what is no pattern, or needs more than linear time: it matches nothing.</summary>
    private static Regex? TryParsePattern(string text)
    {
        try
        {
            return new Regex($@"\A(?:{text})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
