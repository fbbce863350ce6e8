using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Configuration;

/// <summary>What all clients read alike from Kafka's properties.</summary>
internal static class ClientProperties
{
    /// <summary>The options with what the properties say of any client.</summary>
    /// <exception cref="KafkaConfigException">A value is wrong, or <c>bootstrap.servers</c> is missing.</exception>
    public static T Read<T>(PropertyReader reader, T options)
        where T : ClientOptions
    {
        string servers = reader.Text("bootstrap.servers") ?? throw new KafkaConfigException(
            "Missing required configuration \"bootstrap.servers\" which has no default value.");
        return SecurityProperties.Read(reader, options) with
        {
            BootstrapServers = servers,
            ClientId = reader.Text("client.id") ?? options.ClientId,
            RequestTimeout = reader.IntMs("request.timeout.ms", options.RequestTimeout),
            ConnectTimeout = reader.LongMs("socket.connection.setup.timeout.ms", options.ConnectTimeout),
            ConnectTimeoutMax = reader.LongMs("socket.connection.setup.timeout.max.ms", options.ConnectTimeoutMax),
            ReconnectBackoff = reader.LongMs("reconnect.backoff.ms", options.ReconnectBackoff),
            ReconnectBackoffMax = reader.LongMs("reconnect.backoff.max.ms", options.ReconnectBackoffMax),
            RetryBackoff = reader.LongMs("retry.backoff.ms", options.RetryBackoff),
            RetryBackoffMax = reader.LongMs("retry.backoff.max.ms", options.RetryBackoffMax),
            MetadataMaxAge = reader.LongMs("metadata.max.age.ms", options.MetadataMaxAge),
            SendBufferBytes = reader.Int("send.buffer.bytes", options.SendBufferBytes, least: -1),
            ReceiveBufferBytes = reader.Int("receive.buffer.bytes", options.ReceiveBufferBytes, least: -1),
        };
    }

    /// <summary>Checks the keys that have no effect, says so, and says which keys nobody knows.</summary>
    public static void Finish(PropertyReader reader, IReadOnlyList<IdleKey> own, ClientOptions options)
    {
        ILogger logger = options.Loggers.CreateLogger(ClientLog.Category);
        foreach (IdleKey key in IdleKeys.Common.Concat(own))
        {
            if (reader.Has(key.Key))
            {
                Check(reader, key);
                ClientLog.IdleKey(logger, key.Key, key.Reason);
            }
        }

        foreach (string key in reader.Unasked)
        {
            if (key.StartsWith(IdleKeys.OAuthPrefix, StringComparison.Ordinal))
            {
                ClientLog.IdleKey(logger, key, IdleKeys.OAuthReason);
            }
            else
            {
                ClientLog.UnknownKey(logger, key);
            }
        }
    }

    private static void Check(PropertyReader reader, IdleKey key)
    {
        switch (key.Kind)
        {
            case IdleKeyKind.Bool:
                reader.Bool(key.Key, preset: false);
                break;
            case IdleKeyKind.Int:
                reader.Int(key.Key, preset: 0);
                break;
            case IdleKeyKind.Long:
                reader.Long(key.Key, preset: 0);
                break;
            case IdleKeyKind.Double:
                reader.Double(key.Key, preset: 0);
                break;
            default:
                reader.Text(key.Key);
                break;
        }
    }
}
