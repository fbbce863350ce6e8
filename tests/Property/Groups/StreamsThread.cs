using System.Collections.Immutable;
using KRaftSharp.Broker.Groups.Streams;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Property.Groups;

/// <summary>A stream thread as a client of the protocol is: it runs what it was told, and gives up before it takes.
/// </summary>
internal sealed class StreamsThread(string id, string processId)
{
    private TaskAssignment? _told;

    public string ProcessId => processId;

    public bool IsRunning { get; private set; }

    public int Connection { get; private set; }

    /// <summary>0 while it is to join.</summary>
    public int Epoch { get; private set; }

    /// <summary>What it runs.</summary>
    public TaskAssignment Owned { get; private set; } = TaskAssignment.Empty;

    public StreamsGroupHeartbeatRequest Heartbeat(string groupId, bool tellsTasks)
    {
        IsRunning = true;
        StreamsGroupHeartbeatRequest request = new()
        {
            GroupId = groupId,
            MemberId = id,
            MemberEpoch = Epoch,
            ProcessId = processId,
            RebalanceTimeoutMs = 30_000,
        };
        // While it has yet to carry out what it was told, it does not say what it has: "nothing" would let the
        // coordinator give away at once, as Kafka's does, what this thread is about to run, should this answer be lost.
        if (Epoch == 0 || (tellsTasks && _told is null))
        {
            request.ActiveTasks = Write(Owned.Active);
            request.StandbyTasks = Write(Owned.Standby);
            request.WarmupTasks = Write(Owned.Warmup);
        }

        if (Epoch == 0)
        {
            request.Topology = StreamsWorld.NewTopology();
        }

        return request;
    }

    public StreamsGroupHeartbeatRequest Leave(string groupId)
    {
        Stop();
        return new StreamsGroupHeartbeatRequest { GroupId = groupId, MemberId = id, MemberEpoch = -1 };
    }

    /// <summary>Killed, left, or silent for too long: what it ran is not run any more.</summary>
    public void Stop()
    {
        IsRunning = false;
        Epoch = 0;
        Owned = TaskAssignment.Empty;
        _told = null;
    }

    public void Answered(StreamsGroupHeartbeatResponse response)
    {
        if (response.ErrorCode is ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId
            or ErrorCode.GroupIdNotFound)
        {
            Epoch = 0;
            Owned = TaskAssignment.Empty;
            _told = null;
            return;
        }

        Assert.Equal(ErrorCode.None, response.ErrorCode);
        Assert.True(response.MemberEpoch >= Epoch, $"epoch {Epoch} became {response.MemberEpoch}");
        Epoch = response.MemberEpoch;
        if (response.ActiveTasks is { } active)
        {
            _told = new TaskAssignment(Read(active), Read(response.StandbyTasks!), Read(response.WarmupTasks!));
        }
    }

    /// <summary>No answer came: it connects again.</summary>
    public void Reconnect() => Connection++;

    /// <summary>Carries out what it was told last.</summary>
    public void Settle()
    {
        Owned = _told ?? Owned;
        _told = null;
    }

    private static List<StreamsGroupHeartbeatRequest.TaskIds> Write(ImmutableSortedSet<TaskId> tasks) =>
        [.. tasks.GroupBy(task => task.Subtopology).Select(group => new StreamsGroupHeartbeatRequest.TaskIds
        {
            SubtopologyId = group.Key,
            Partitions = [.. group.Select(task => task.Partition)],
        })];

    private static ImmutableSortedSet<TaskId> Read(List<StreamsGroupHeartbeatResponse.TaskIds> tasks) =>
        [.. tasks.SelectMany(group => group.Partitions.Select(
            partition => new TaskId(group.SubtopologyId, partition)))];
}
