using KRaftSharp.Client.Network;

namespace KRaftSharp.Client;

/// <summary>All that a client takes from the outside world: connections, time, chance and a place to run.</summary>
/// <remarks><see cref="SocketRuntime"/> gives the real one; the simulator gives its own.</remarks>
/// <param name="Connector">Opens channels to brokers.</param>
/// <param name="Time">Clock and timers.</param>
/// <param name="Seed">Seeds jitter and the choice of partitions.</param>
/// <param name="Completion">How tasks that callers await are completed: on a thread of their own, so that a caller that
/// blocks does not block the client; in the simulator inline.</param>
/// <param name="Start">Starts a loop that runs until the client is closed.</param>
public sealed record ClientRuntime(
    IConnector Connector,
    TimeProvider Time,
    ulong Seed,
    TaskCreationOptions Completion,
    Func<Func<Task>, Task> Start)
{
    /// <summary>Milliseconds of a clock that never goes back.</summary>
    internal long NowMs => (long)(Time.GetTimestamp() * (1000.0 / Time.TimestampFrequency));

    internal TaskCompletionSource<T> NewCompletion<T>() => new(Completion);
}
