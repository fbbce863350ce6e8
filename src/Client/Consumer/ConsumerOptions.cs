namespace KRaftSharp.Client.Consumer;

/// <summary>How a consumer fetches. Kafka's key beside each, with Kafka's default.</summary>
public sealed record ConsumerOptions : ClientOptions
{
    /// <summary><c>auto.offset.reset</c>.</summary>
    public OffsetReset OffsetReset { get; init; } = OffsetReset.Latest;

    /// <summary><c>fetch.min.bytes</c>: the broker answers once so much is there.</summary>
    public int FetchMinBytes { get; init; } = 1;

    /// <summary><c>fetch.max.wait.ms</c>: the broker answers after that time whatever is there.</summary>
    public TimeSpan FetchMaxWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary><c>fetch.max.bytes</c>: bounds one answer; at most one answer a broker is held.</summary>
    public int FetchMaxBytes { get; init; } = 50 * 1024 * 1024;

    /// <summary><c>max.partition.fetch.bytes</c>.</summary>
    public int MaxPartitionFetchBytes { get; init; } = 1024 * 1024;

    /// <summary><c>check.crcs</c>.</summary>
    public bool CheckCrcs { get; init; } = true;

    /// <summary><c>client.rack</c>.</summary>
    public string Rack { get; init; } = "";
}
