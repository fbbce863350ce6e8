namespace KRaftSharp.Client.Configuration;

/// <summary>A configuration that no client can start with, in Kafka's words: the key, the value and what is allowed.
/// </summary>
public sealed class KafkaConfigException : ArgumentException
{
    public KafkaConfigException()
    {
    }

    public KafkaConfigException(string message)
        : base(message)
    {
    }

    public KafkaConfigException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public KafkaConfigException(string key, string? value, string message)
        : base($"Invalid value {value} for configuration {key}: {message}") => Key = key;

    /// <summary>The key that is wrong; null where several contradict each other.</summary>
    public string? Key { get; }
}
