using System.Globalization;

namespace KRaftSharp.Client;

/// <summary>Where a broker listens. IPv6 literals stand in brackets.</summary>
public readonly record struct BrokerAddress(string Host, int Port)
{
    /// <summary>Parses <c>host:port</c>.</summary>
    /// <exception cref="ArgumentException">The text is no such pair.</exception>
    public static BrokerAddress Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port is < 1 or > 65535)
        {
            throw new ArgumentException($"'{text}' is no address of the form host:port");
        }

        return new BrokerAddress(text[..colon].Trim('[', ']'), port);
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? $"[{Host}]:{Port}"
        : $"{Host}:{Port}";
}
