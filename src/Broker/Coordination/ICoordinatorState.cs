using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Coordination;

/// <summary>
/// The state of one partition of a coordinator's topic: what its records say, and what is known beside them.
/// </summary>
/// <remarks>Everything runs on the strand of its shard. Replay is all that changes what the records say.</remarks>
internal interface ICoordinatorState
{
    /// <summary>A record of the log, while loading and for each that is appended.</summary>
    /// <param name="value">Null for a tombstone.</param>
    /// <param name="producer">Set while the record's transaction is open.</param>
    void Replay(long offset, ICoordinatorRecord key, ICoordinatorRecord? value, ProducerStamp? producer);

    /// <summary>The end of a producer's transaction in this partition.</summary>
    void ReplayMarker(ProducerStamp producer, bool isCommit);

    /// <summary>The whole log has been replayed: operations and timers begin.</summary>
    void Loaded();

    /// <summary>The state is let go of; parked replies are failed afterwards.</summary>
    void Unloaded();
}
