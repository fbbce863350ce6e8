using System.Globalization;

namespace KRaftSharp.Broker.Config;

/// <summary>One entry of listeners or advertised.listeners: NAME://host:port.</summary>
/// <param name="Host">Empty for all addresses.</param>
public sealed record ListenerAddress(string Name, string Host, int Port)
{
    private const int MaxPort = 65535;

    /// <exception cref="NodeConfigException">It is not NAME://host:port.</exception>
    public static ListenerAddress Parse(string key, string text)
    {
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        int colon = text.LastIndexOf(':');
        if (scheme <= 0 || colon < scheme + 3
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port > MaxPort)
        {
            throw new NodeConfigException(
                $"Invalid value {text} for configuration {key}: it must be NAME://host:port, port 0 to {MaxPort}");
        }

        string host = text[(scheme + 3)..colon].Trim('[', ']');
        return new ListenerAddress(text[..scheme].ToUpperInvariant(), host, port);
    }
}
