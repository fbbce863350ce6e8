using KRaftSharp.Client.Consumer.Assignors;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>What a membership wants done; one at a time.</summary>
internal abstract record GroupAction
{
    private GroupAction()
    {
    }

    /// <summary>A request to the coordinator.</summary>
    public sealed record Send(IApiMessage Request, VersionRange Versions, TimeSpan Timeout) : GroupAction;

    /// <summary>This member leads and gives partitions to all.</summary>
    public sealed record Assign(IPartitionAssignor Assignor, IReadOnlyList<AssignorMember> Members) : GroupAction;

    /// <summary>Topics whose names are not known.</summary>
    public sealed record Resolve(IReadOnlyList<Uuid> TopicIds) : GroupAction;
}
