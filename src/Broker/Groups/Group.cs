using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Offsets;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups;

/// <summary>A group, of whichever protocol.</summary>
internal abstract class Group(string id)
{
    public string Id => id;

    /// <summary>As ListGroups names it: classic, consumer, share.</summary>
    public abstract string Type { get; }

    public abstract string StateName { get; }

    /// <summary>By which ListGroups finds it, in whatever case.</summary>
    public virtual string StateFilter => StateName;

    /// <summary>As ListGroups tells it; empty for simple groups.</summary>
    public abstract string ProtocolTypeName { get; }

    public abstract bool IsEmpty { get; }

    /// <summary>Whether it goes when it is empty and has no offsets.</summary>
    public virtual bool MayExpire => true;

    /// <summary>Whether a commit of this member is taken.</summary>
    public abstract ErrorCode CheckCommit(in CommitOrigin origin);

    /// <summary>Whether a commit that was taken counts for this partition too. One error fails the whole.</summary>
    public virtual ErrorCode CheckPartitionCommit(in CommitOrigin origin, in PartitionCommit commit) => ErrorCode.None;

    /// <summary>Whether a member may read the group's offsets.</summary>
    public abstract ErrorCode CheckFetch(string? memberId, int memberEpoch);

    /// <summary>Whether offsets may be deleted at all.</summary>
    public abstract ErrorCode CheckOffsetDelete();

    public abstract bool IsSubscribedTo(string topic);

    /// <summary>The time from which an offset's retention counts; null while it must stay.</summary>
    public abstract long? RetentionBase(string topic, long commitTimestampMs);

    /// <summary>The tombstones that remove the group.</summary>
    public abstract IReadOnlyList<CoordinatorRecord> Tombstones();
}
