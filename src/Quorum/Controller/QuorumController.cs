using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Quorum.Controller;

/// <summary>
/// The controller: the leader of the quorum decides, everybody else waits to become it. One strand; a decision is
/// records, which are appended, replayed at once, and answered when they are committed.
/// </summary>
public sealed class QuorumController(
    ControllerSettings settings,
    IQuorum quorum,
    ITransport transport,
    TimeProvider time,
    Prng prng,
    ILogger<QuorumController> logger) : IQuorumListener
{
    /// <summary>True while this node decides; any thread.</summary>
    public bool IsActive => throw new NotSupportedException();

    /// <summary>Registers with the quorum. Requests before that are answered as by a node that does not lead.</summary>
    public void Start() => quorum.Register(this);

    /// <summary>Stops timers and answers what waits; leadership is the quorum's to hand over.</summary>
    public void Shutdown()
    {
        _ = (settings, transport, time, prng, logger);
    }

    /// <summary>Decides a request of the controller listener; completes when the decision is committed.</summary>
    public ValueTask<IApiMessage> HandleAsync(ControllerRequestContext context, IApiMessage request) =>
        throw new NotSupportedException();

    /// <summary>
    /// Tells that a connection is gone. If it carried a broker's heartbeats, that broker is probed, and fenced at once
    /// when nobody listens there any more.
    /// </summary>
    public void ConnectionClosed(long connectionId) => throw new NotSupportedException();

    public void HandleCommit(IReadOnlyList<CommittedBatch> batches)
    {
    }

    public void HandleLoadSnapshot(ISnapshotReader reader)
    {
    }

    public void HandleLeaderChange(LeaderAndEpoch leader)
    {
    }
}
