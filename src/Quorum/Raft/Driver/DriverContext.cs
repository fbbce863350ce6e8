using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>The world as the driver and its parts see it.</summary>
/// <param name="Directory">metadata.log.dir.</param>
/// <param name="Strand">Runs everything that is not marked otherwise.</param>
internal sealed record DriverContext(
    RaftSettings Settings,
    IStorage Storage,
    string Directory,
    ITransport Transport,
    TimeProvider Time,
    Prng Prng,
    ILogger Logger,
    Strand Strand)
{
    public RaftStats Stats { get; } = new(Time);
}
