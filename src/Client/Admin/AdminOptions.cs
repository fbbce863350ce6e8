using KRaftSharp.Client.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Client.Admin;

/// <summary>How an admin client connects and repeats: what every client has, no more.</summary>
public sealed record AdminOptions : ClientOptions
{
    /// <summary>Reads Kafka's properties of an admin client, as <c>ProducerOptions.FromProperties</c> does.</summary>
    /// <exception cref="KafkaConfigException">A value is wrong, or <c>bootstrap.servers</c> is missing.</exception>
    public static AdminOptions FromProperties(
        IEnumerable<KeyValuePair<string, string>> properties, ILoggerFactory? loggers = null)
    {
        PropertyReader reader = new(properties);
        AdminOptions options = ClientProperties.Read(
            reader, new AdminOptions { Loggers = loggers ?? NullLoggerFactory.Instance });
        options = options with { ApiTimeout = reader.IntMs("default.api.timeout.ms", options.ApiTimeout) };
        ClientProperties.Finish(reader, IdleKeys.Admin, options);
        options.Validate();
        return options;
    }
}
