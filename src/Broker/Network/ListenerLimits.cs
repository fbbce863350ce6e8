namespace KRaftSharp.Broker.Network;

/// <summary>The limits of connections and requests, with Kafka's names and defaults.</summary>
public sealed record ListenerLimits
{
    /// <summary>socket.request.max.bytes</summary>
    public int RequestMaxBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>connections.max.idle.ms; negative: never.</summary>
    public long IdleMs { get; init; } = 600_000;

    /// <summary>queued.max.requests: a connection reads no further while it has so many unanswered.</summary>
    public int QueuedMaxRequests { get; init; } = 500;

    /// <summary>queued.max.request.bytes, over all connections; zero or less: no limit.</summary>
    public long QueuedMaxRequestBytes { get; init; } = -1;

    /// <summary>socket.listen.backlog.size</summary>
    public int Backlog { get; init; } = 50;

    /// <summary>socket.send.buffer.bytes; null leaves it to the system.</summary>
    public int? SendBufferBytes { get; init; }

    /// <summary>socket.receive.buffer.bytes; null leaves it to the system.</summary>
    public int? ReceiveBufferBytes { get; init; }
}
