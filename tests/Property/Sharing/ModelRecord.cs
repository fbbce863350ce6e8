using KRaftSharp.Broker.ShareState;

namespace KRaftSharp.Tests.Property.Sharing;

/// <summary>One record of a share partition, as simple as can be.</summary>
internal sealed class ModelRecord
{
    public RecordState State { get; set; } = RecordState.Available;

    public int Count { get; set; }

    public string Member { get; set; } = "";

    public long LockEndMs { get; set; }

    /// <summary>The request that waits to be persisted.</summary>
    public object? Pending { get; set; }

    public string PriorMember { get; set; } = "";

    /// <summary>As the share coordinator has it: what a new leader starts from.</summary>
    public (RecordState State, int Count) Kept { get; set; } = (RecordState.Available, 0);

    public bool IsHeldBy(string member) =>
        State == RecordState.Acquired && Pending is null && Member == member;

    public bool IsDone => State is RecordState.Acknowledged or RecordState.Archived && Pending is null;
}
