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

    /// <summary><c>socket.connection.setup.timeout.ms</c>.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

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

    /// <summary>The bootstrap addresses, parsed.</summary>
    /// <exception cref="ArgumentException">One of them is no host:port.</exception>
    internal IReadOnlyList<BrokerAddress> ParseBootstrap()
    {
        string[] parts = BootstrapServers.Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length == 0)
        {
            throw new ArgumentException("no bootstrap server is given");
        }

        return [.. parts.Select(BrokerAddress.Parse)];
    }
}
