using KRaftSharp.Broker.ShareState;

namespace KRaftSharp.Broker.Sharing.Core;

/// <summary>Changes of state that are to be persisted together, and count (or do not) once that is known.</summary>
internal sealed class Transition
{
    /// <summary>What is to be persisted.</summary>
    public List<StateBatch> Batches { get; } = [];

    /// <summary>Where batches begin that go to the dead letter queue because the member rejected them.</summary>
    public HashSet<long> Rejected { get; } = [];

    public bool IsEmpty => Batches.Count == 0;
}
