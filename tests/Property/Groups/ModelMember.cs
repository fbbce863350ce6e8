using System.Collections.Immutable;
using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Groups.Offsets;
using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Property.Groups;

/// <summary>A consumer as the coordinator meets it: it does what it is told, sometimes late.</summary>
internal abstract class ModelMember(GroupWorld world, string groupId, string name)
{
    protected GroupWorld World => world;

    protected string GroupId => groupId;

    public string Name { get; } = name;

    public string Id { get; protected set; } = name;

    /// <summary>Its epoch or generation; what it joined with last.</summary>
    public int Epoch { get; protected set; }

    public abstract bool IsClassic { get; }

    public string? InstanceId { get; init; }

    public ImmutableSortedSet<string> Topics { get; set; } =
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal, "a", "b");

    /// <summary>What it reads from now.</summary>
    public ImmutableSortedSet<TopicIdPartition> Owned { get; protected set; } = [];

    /// <summary>The process is gone, or the network to it.</summary>
    public bool IsAway { get; set; }

    /// <summary>One request, or what an answer to one asks for.</summary>
    public abstract void Step();

    public abstract void Leave();

    /// <summary>The coordinator forgot what it owes: the connection broke.</summary>
    public abstract void Disconnected();

    /// <summary>A commit as this member would send it.</summary>
    public ErrorCode Commit(TopicIdPartition partition, string topic, int epoch)
    {
        CommitOrigin origin = new(Id, InstanceId, epoch, false, 9);
        PartitionCommit commit = new(
            new TopicPartition(topic, partition.Partition), partition.TopicId, Offset: 1, LeaderEpoch: -1,
            Metadata: "");
        return world.Shard.CheckCommit(groupId, origin, [commit]);
    }
}
