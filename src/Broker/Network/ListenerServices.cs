using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Network;

/// <summary>What the connections of all listeners share.</summary>
internal sealed record ListenerServices(
    ListenerLimits Limits, BufferBudget Budget, ConnectionQuota Quota, TimeProvider Time, ILogger Logger)
{
    private long _lastConnectionId;

    public long NextConnectionId() => Interlocked.Increment(ref _lastConnectionId);
}
