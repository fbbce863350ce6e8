namespace KRaftSharp.Client.Network;

/// <summary>The real outside world: sockets, the system's clock, the thread pool.</summary>
public static class SocketRuntime
{
    public static ClientRuntime Create(ClientOptions options) => new(
        new SocketConnector(options),
        TimeProvider.System,
        (ulong)Random.Shared.NextInt64(),
        TaskCreationOptions.RunContinuationsAsynchronously,
        static loop => Task.Run(loop));
}
