using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Gives a replica of the metadata log its disk, network and time.</summary>
/// <param name="settings">Who this is and how long it waits.</param>
/// <param name="storage">The node's file system.</param>
/// <param name="directory">metadata.log.dir: the log lies in <c>__cluster_metadata-0</c> below it.</param>
/// <param name="transport">Connections to the other voters.</param>
/// <param name="time">Timers and both clocks.</param>
/// <param name="prng">This component's own.</param>
/// <param name="logger">Identity first: node, epoch, offset.</param>
public sealed class RaftDriver(
    RaftSettings settings,
    IStorage storage,
    string directory,
    ITransport transport,
    TimeProvider time,
    Prng prng,
    ILogger logger) : IQuorum
{
    /// <summary>
    /// Called once when the disk failed or an invariant broke: the node must stop, this replica answers nothing more.
    /// </summary>
    public Action<Exception>? Faulted { get; init; }

    public int NodeId => settings.NodeId;

    public LeaderAndEpoch Leader => throw new NotSupportedException();

    public long HighWatermark => throw new NotSupportedException();

    public long LogEndOffset => throw new NotSupportedException();

    public LogPoint? LatestSnapshotId => throw new NotSupportedException();

    public VoterSet Voters => settings.Voters;

    public void Register(IQuorumListener listener) =>
        throw new NotSupportedException($"{storage}{directory}{transport}");

    public long? TryAppend(int epoch, IReadOnlyList<VersionedRecord> records, bool atomic = true) =>
        throw new NotSupportedException($"{time}{prng}{logger}");

    public void Resign(int epoch) => throw new NotSupportedException();

    public ISnapshotWriter? CreateSnapshot(LogPoint id, long lastContainedTimestampMs) =>
        throw new NotSupportedException();

    public void Handle(IApiMessage request, short version, Action<IApiMessage, IDisposable?> respond) =>
        throw new NotSupportedException();

    public Task StartAsync() => throw new NotSupportedException();

    public Task ShutdownAsync() => throw new NotSupportedException();
}
