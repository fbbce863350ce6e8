using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Compression;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Coordination;

/// <summary>What a <see cref="CoordinatorRuntime{TState}"/> is made for.</summary>
internal sealed record CoordinatorSettings<TState>
    where TState : class, ICoordinatorState
{
    /// <summary>The internal topic that keeps the state.</summary>
    public required string Topic { get; init; }

    /// <summary>Whose records the topic holds.</summary>
    public required CoordinatorKind Kind { get; init; }

    /// <summary>An empty state for a partition, which may use the timers from <see cref="ICoordinatorState.Loaded"/>
    /// on.</summary>
    public required Func<int, ShardTimers, TState> NewState { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    public required Action<Exception> Fault { get; init; }

    /// <summary>How long a client waits for its records to be replicated.</summary>
    public required long WriteTimeoutMs { get; init; }

    public CompressionCodec Compression { get; init; }

    /// <summary>For tests; see <see cref="PlantedFaults"/>.</summary>
    public PlantedFaults Planted { get; init; }
}
