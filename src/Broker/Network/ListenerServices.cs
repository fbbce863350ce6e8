using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Network;

/// <summary>What the connections of all listeners share.</summary>
internal sealed record ListenerServices(
    ListenerLimits Limits, BufferBudget Budget, ConnectionQuota Quota, TimeProvider Time, ILogger Logger)
{
    private long _lastConnectionId;

    /// <summary>Put around the stream of every connection.</summary>
    public Func<IConnectionStream, IConnectionStream> Around { get; init; } = static stream => stream;

    public long NextConnectionId() => Interlocked.Increment(ref _lastConnectionId);
}
