using KRaftSharp.Client.Configuration;
using KRaftSharp.Protocol.Compression;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Client.Producer;

/// <summary>How a producer batches, sends and repeats. Kafka's key beside each, with Kafka's default.</summary>
public sealed record ProducerOptions : ClientOptions
{
    /// <summary><c>acks</c>.</summary>
    public Acks Acks { get; init; } = Acks.All;

    /// <summary><c>enable.idempotence</c>: a batch that is repeated is written once, in its place. Needs
    /// <see cref="Acks.All"/>, retries and at most five requests in flight; null: on where the first two
    /// hold.</summary>
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

    // As Kafka: too many requests in flight are an error then, not a reason to do without.
    private bool IsIdempotentByDefault => Acks == Acks.All && Retries > 0;

    // Brokers remember the last five batches of a producer and partition.
    private const int MaxIdempotentInFlight = 5;

    /// <summary>Reads Kafka's properties of a producer (<c>acks</c>, <c>linger.ms</c>, ...): its keys, units, defaults
    /// and errors.</summary>
    /// <remarks>Keys that have no effect here and keys that nobody knows are warned of. What is given in code is added
    /// with <c>with { ... }</c>.</remarks>
    /// <exception cref="KafkaConfigException">A value is wrong, <c>bootstrap.servers</c> is missing, or two settings
    /// contradict each other.</exception>
    public static ProducerOptions FromProperties(
        IEnumerable<KeyValuePair<string, string>> properties, ILoggerFactory? loggers = null)
    {
        ProducerOptions options = ProducerProperties.Read(
            new PropertyReader(properties),
            new ProducerOptions { Loggers = loggers ?? NullLoggerFactory.Instance });
        options.Validate();
        return options;
    }

    /// <inheritdoc/>
    internal override void Validate()
    {
        base.Validate();
        RequireAtLeast("batch.size", BatchSize, 0);
        RequireAtLeast("buffer.memory", BufferMemory, 0);
        RequireAtLeast("max.request.size", MaxRequestSize, 0);
        RequireAtLeast("max.in.flight.requests.per.connection", MaxInFlight, 1);
        RequireAtLeast("retries", Retries, 0);
        RequireTime("linger.ms", Linger);
        RequireTime("max.block.ms", MaxBlock);
        RequireTime("delivery.timeout.ms", DeliveryTimeout);
        Require(BufferMemory >= BatchSize, "buffer.memory must hold at least one batch (batch.size)");
        Require(DeliveryTimeout >= RequestTimeout + Linger,
            "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms");
        if (TransactionalId is not null)
        {
            if (TransactionalId.Length == 0)
            {
                throw new KafkaConfigException("transactional.id", "", "String must be non-empty");
            }

            Require(EnableIdempotence ?? IsIdempotentByDefault,
                "Cannot set a transactional.id without also enabling idempotence.");
            RequireTime("transaction.timeout.ms", TransactionTimeout);
            RequireAtLeast("transaction.timeout.ms", (long)TransactionTimeout.TotalMilliseconds, 1);
        }

        if (IsIdempotent)
        {
            Require(Acks == Acks.All,
                "Must set acks to all in order to use the idempotent producer. "
                + "Otherwise we cannot guarantee idempotence.");
            Require(Retries > 0, "Must set retries to non-zero when using the idempotent producer.");
            Require(MaxInFlight <= MaxIdempotentInFlight,
                "To use the idempotent producer, max.in.flight.requests.per.connection must be set to at most "
                + $"{MaxIdempotentInFlight}. Current value is {MaxInFlight}.");
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new KafkaConfigException(message);
        }
    }
}
