using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Client.Producer;

/// <summary>How a producer batches, sends and repeats. Kafka's key beside each, with Kafka's default.</summary>
public sealed record ProducerOptions : ClientOptions
{
    /// <summary><c>acks</c>.</summary>
    public Acks Acks { get; init; } = Acks.All;

    /// <summary><c>enable.idempotence</c>: a batch that is repeated is written once, in its place. Needs
    /// <see cref="Acks.All"/> and at most five requests in flight; null: on where those hold.</summary>
    public bool? EnableIdempotence { get; init; }

    /// <summary><c>batch.size</c>: a batch is closed when the next record would make it larger.</summary>
    public int BatchSize { get; init; } = 16 * 1024;

    /// <summary><c>linger.ms</c>: how long a batch that is not full waits for more records.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary><c>buffer.memory</c>: bytes of batches that are not acknowledged yet; sends wait beyond it.</summary>
    public long BufferMemory { get; init; } = 32 * 1024 * 1024;

    /// <summary><c>max.block.ms</c>: how long a send may wait for metadata and memory.</summary>
    public TimeSpan MaxBlock { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>max.request.size</c>.</summary>
    public int MaxRequestSize { get; init; } = 1024 * 1024;

    /// <summary><c>max.in.flight.requests.per.connection</c>.</summary>
    public int MaxInFlight { get; init; } = 5;

    /// <summary><c>retries</c>.</summary>
    public int Retries { get; init; } = int.MaxValue;

    /// <summary><c>delivery.timeout.ms</c>: a record is acknowledged within that time of its batch's start, or fails.
    /// </summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary><c>compression.type</c>.</summary>
    public CompressionCodec Compression { get; init; } = CompressionCodec.None;

    /// <summary><c>compression.*.level</c>; null for the codec's default.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary><c>transactional.id</c>: the name under which transactions of this producer go on after a restart; of
    /// two producers with one name the newer fences the older. Null: no transactions.</summary>
    public string? TransactionalId { get; init; }

    /// <summary><c>transaction.timeout.ms</c>: a transaction that is open for longer is aborted by the
    /// coordinator.</summary>
    public TimeSpan TransactionTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>partitioner.class</c>; null: by the key, else sticky.</summary>
    public IPartitioner? Partitioner { get; init; }

    /// <summary><c>partitioner.ignore.keys</c>: records with a key are spread as those without.</summary>
    public bool IgnoreKeys { get; init; }

    /// <summary><c>interceptor.classes</c>, in the order of the calls.</summary>
    public IReadOnlyList<IProducerInterceptor> Interceptors { get; init; } = [];

    /// <summary>Whether batches carry producer id and sequence.</summary>
    internal bool IsIdempotent =>
        TransactionalId is not null || (EnableIdempotence ?? IsIdempotentByDefault);

    private bool IsIdempotentByDefault =>
        Acks == Acks.All && MaxInFlight <= MaxIdempotentInFlight && Retries > 0;

    // Brokers remember the last five batches of a producer and partition.
    private const int MaxIdempotentInFlight = 5;

    /// <exception cref="ArgumentException">Two settings contradict each other, or one is out of range.</exception>
    internal void Validate()
    {
        Require(BatchSize >= 0, "batch.size must not be negative");
        Require(BufferMemory >= BatchSize, "buffer.memory must hold at least one batch");
        Require(MaxInFlight >= 1, "max.in.flight.requests.per.connection must be at least 1");
        Require(DeliveryTimeout >= RequestTimeout + Linger,
            "delivery.timeout.ms must not be less than linger.ms + request.timeout.ms");
        if (TransactionalId is not null)
        {
            Require(TransactionalId.Length > 0, "transactional.id must not be empty");
            Require(EnableIdempotence != false, "transactional.id needs enable.idempotence");
            Require(TransactionTimeout.TotalMilliseconds is >= 1 and <= int.MaxValue,
                "transaction.timeout.ms must be between 1 and 2147483647");
        }

        if (EnableIdempotence == true || TransactionalId is not null)
        {
            Require(Acks == Acks.All, "enable.idempotence needs acks=all");
            Require(MaxInFlight <= MaxIdempotentInFlight,
                "enable.idempotence needs max.in.flight.requests.per.connection of at most 5");
            Require(Retries > 0, "enable.idempotence needs retries");
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
