using KRaftSharp.Client.Configuration;
using KRaftSharp.Client.Security;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Client;

/// <summary>What every client needs: where the cluster is, and how long to wait. Kafka's key beside each.</summary>
public record ClientOptions
{
    /// <summary><c>bootstrap.servers</c>: host:port pairs, separated by commas; a few of the brokers suffice.</summary>
    public string BootstrapServers { get; init; } = "127.0.0.1:9092";

    /// <summary><c>client.id</c>: names this client in the brokers' logs, metrics and quotas.</summary>
    public string ClientId { get; init; } = "kraftsharp";

    /// <summary><c>request.timeout.ms</c>: without an answer for so long the connection is dropped.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>socket.connection.setup.timeout.ms</c>: doubles with each failure to connect.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>socket.connection.setup.timeout.max.ms</c>.</summary>
    public TimeSpan ConnectTimeoutMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>send.buffer.bytes</c> of a connection's socket; -1: as the system does, which grows it with need.
    /// </summary>
    public int SendBufferBytes { get; init; } = -1;

    /// <summary><c>receive.buffer.bytes</c>; as <see cref="SendBufferBytes"/>.</summary>
    public int ReceiveBufferBytes { get; init; } = -1;

    /// <summary><c>reconnect.backoff.ms</c>: pause after the first failure to connect; doubles with each.</summary>
    public TimeSpan ReconnectBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary><c>reconnect.backoff.max.ms</c>.</summary>
    public TimeSpan ReconnectBackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>retry.backoff.ms</c>: pause before a failed request is repeated; doubles with each.</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary><c>retry.backoff.max.ms</c>.</summary>
    public TimeSpan RetryBackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>metadata.max.age.ms</c>: metadata is asked for again after that time without need.</summary>
    public TimeSpan MetadataMaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>default.api.timeout.ms</c>: how long a call of the admin client and of the consumer may
    /// take.</summary>
    public TimeSpan ApiTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The largest answer that is read; a longer one breaks the connection before memory is taken.</summary>
    public int MaxResponseBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary><c>security.protocol</c>.</summary>
    public SecurityProtocol SecurityProtocol { get; init; } = SecurityProtocol.Plaintext;

    /// <summary>For <see cref="SecurityProtocol.Ssl"/> and <see cref="SecurityProtocol.SaslSsl"/>.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>For <see cref="SecurityProtocol.SaslPlaintext"/> and <see cref="SecurityProtocol.SaslSsl"/>.</summary>
    public SaslOptions? Sasl { get; init; }

    /// <summary>Where the client logs: connections, metadata, what is repeated and what is lost.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The bootstrap addresses, parsed.</summary>
    /// <exception cref="KafkaConfigException">One of them is no host:port.</exception>
    internal IReadOnlyList<BrokerAddress> ParseBootstrap()
    {
        if (BootstrapServers.Trim().Length == 0)
        {
            throw new KafkaConfigException(
                "Configuration 'bootstrap.servers' must not be empty. Valid values include: any non-empty value");
        }

        string[] parts = BootstrapServers.Split(',', StringSplitOptions.TrimEntries);
        if (parts.Contains(""))
        {
            throw new KafkaConfigException("Configuration 'bootstrap.servers' values must not be empty.");
        }

        return [.. parts.Select(Parse)];
    }

    internal bool UsesTls => SecurityProtocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl;

    internal bool UsesSasl => SecurityProtocol is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl;

    /// <summary>Checks what all clients have; derived options add theirs.</summary>
    /// <exception cref="KafkaConfigException">A setting is out of range, or two contradict each other.</exception>
    internal virtual void Validate()
    {
        ParseBootstrap();
        RequireTime("request.timeout.ms", RequestTimeout);
        RequireTime("socket.connection.setup.timeout.ms", ConnectTimeout);
        RequireTime("socket.connection.setup.timeout.max.ms", ConnectTimeoutMax);
        RequireTime("reconnect.backoff.ms", ReconnectBackoff);
        RequireTime("reconnect.backoff.max.ms", ReconnectBackoffMax);
        RequireTime("retry.backoff.ms", RetryBackoff);
        RequireTime("retry.backoff.max.ms", RetryBackoffMax);
        RequireTime("metadata.max.age.ms", MetadataMaxAge);
        RequireTime("default.api.timeout.ms", ApiTimeout);
        RequireAtLeast("send.buffer.bytes", SendBufferBytes, -1);
        RequireAtLeast("receive.buffer.bytes", ReceiveBufferBytes, -1);
        RequireAtLeast("MaxResponseBytes", MaxResponseBytes, 1);
        if (UsesSasl)
        {
            (Sasl ?? throw new KafkaConfigException("Sasl must be set for SASL_PLAINTEXT and SASL_SSL.")).Validate();
        }
    }

    /// <summary>A time that Kafka counts in milliseconds from 0 on and that a timer can wait for.</summary>
    private protected static void RequireTime(string key, TimeSpan value)
    {
        RequireAtLeast(key, (long)Math.Floor(value.TotalMilliseconds), 0);
        if (value.TotalMilliseconds > int.MaxValue)
        {
            throw new KafkaConfigException(
                key, $"{value.TotalMilliseconds:F0}", $"Value must be no more than {int.MaxValue}");
        }
    }

    private protected static void RequireAtLeast(string key, long value, long least)
    {
        if (value < least)
        {
            throw new KafkaConfigException(key, $"{value}", $"Value must be at least {least}");
        }
    }

    private static BrokerAddress Parse(string text)
    {
        try
        {
            return BrokerAddress.Parse(text);
        }
        catch (ArgumentException error)
        {
            throw new KafkaConfigException($"Invalid url in bootstrap.servers: {text}", error);
        }
    }
}
