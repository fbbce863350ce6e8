using KRaftSharp.Broker.Network;
using KRaftSharp.Log.Storage;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Hosting;

/// <summary>What a server takes from the outside world where that is not the system's own: for test clusters.</summary>
/// <param name="Storage">Its files.</param>
/// <param name="Time">Its clock and timers.</param>
/// <param name="Transport">Put around the sockets to other nodes.</param>
/// <param name="Connection">Put around every accepted connection.</param>
/// <param name="Intercept">Stands before every handler.</param>
internal sealed record ServerSeams(
    IStorage Storage,
    TimeProvider Time,
    Func<ITransport, ITransport> Transport,
    Func<IConnectionStream, IConnectionStream> Connection,
    RequestInterceptor Intercept)
{
    public static ServerSeams None { get; } = new(
        new DiskStorage(), TimeProvider.System, static transport => transport, static stream => stream,
        static (context, request, handler) => handler.HandleAsync(context, request));
}
