using KRaftSharp.Broker.Config;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Node;

/// <summary>Everything of the outside world that a node touches; the simulator supplies its own.</summary>
public sealed record NodeEnvironment(
    IStorage Storage, ITransport Transport, TimeProvider Time, Prng Chance, ILoggerFactory Loggers)
{
    /// <summary>Called when an invariant broke or the disk failed where it must not: the process has to end.</summary>
    public Action<Exception> Fault { get; init; } = static error => throw error;

    /// <summary>The levels of <see cref="Loggers"/>, for those who ask for them or change them.</summary>
    public LogLevels LogLevels { get; init; } = new();

    /// <summary>For tests; see <see cref="PlantedFaults"/>.</summary>
    internal PlantedFaults Planted { get; init; }
}
