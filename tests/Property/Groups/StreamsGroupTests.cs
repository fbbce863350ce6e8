using System.Collections.Immutable;
using FsCheck.Xunit;
using KRaftSharp.Broker.Groups.Streams;

namespace KRaftSharp.Tests.Property.Groups;

/// <summary>The Groups section of INVARIANTS.md on streams groups: tasks instead of partitions.</summary>
public sealed class StreamsGroupTests
{
    private static readonly string[] Processes = ["p0", "p0", "p1", "p2"];

    /// <summary>
    /// Whatever is lost, late, killed or restarted: no task has two active owners, no process a task twice, epochs only
    /// grow; and who is left alone converges to the whole of the work. A coordinator that reads the log finds the same
    /// group.
    /// </summary>
    [Property(MaxTest = 120)]
    public void Threads_OverAnyStory_NeverShareATaskAndConverge((byte Who, byte What)[] story)
    {
        StreamsWorld world = new();
        StreamsThread[] threads = [.. Processes.Select((process, i) => new StreamsThread($"m{i}", process))];
        int epoch = 0;
        foreach ((byte who, byte what) in story)
        {
            Step(world, threads, threads[who % threads.Length], what);
            Check(threads);
            Assert.True(world.Group is null || world.Group.Epoch >= epoch);
            epoch = world.Group?.Epoch ?? 0;
        }

        // Left alone. What a killed thread had comes free with its session.
        for (int second = 0; second < 60; second++)
        {
            world.Advance(1_000);
            foreach (StreamsThread thread in threads.Where(thread => thread.IsRunning))
            {
                Beat(world, thread, tellsTasks: true);
                thread.Settle();
                Check(threads);
            }
        }

        Converged(world, threads);
    }

    [Property(MaxTest = 300)]
    public void Assignment_OfAnyGroup_GivesEachTaskOnceAndStandbysElsewhere(
        (byte Process, byte Held)[] members, byte standbys)
    {
        TaskAssignmentInput input = Input(members, standbys % 3);
        IReadOnlyDictionary<string, TaskAssignment> assignment = StickyTaskAssignor.Assign(input);
        if (members.Length == 0)
        {
            Assert.Empty(assignment);
            return;
        }

        TaskId[] active = [.. assignment.Values.SelectMany(tasks => tasks.Active)];
        Assert.Equal(input.Subtopologies.Sum(part => part.TaskCount), active.Length);
        Assert.Equal(active.Length, active.Distinct().Count());
        int processes = input.Members.Select(member => member.ProcessId).Distinct().Count();
        foreach (TaskId task in active)
        {
            string[] holders = [.. input.Members.Where(member => assignment[member.Id].Active.Contains(task)
                || assignment[member.Id].Standby.Contains(task)).Select(member => member.ProcessId)];
            Assert.Equal(holders.Length, holders.Distinct().Count());
            bool isStateful = input.Subtopologies.Single(part => part.Id == task.Subtopology).IsStateful;
            Assert.Equal(isStateful ? Math.Min(1 + input.StandbyReplicas, processes) : 1, holders.Length);
        }
    }

    /// <summary>Who is asked again without anything having changed moves nothing; a fresh group is even.</summary>
    [Property(MaxTest = 300)]
    public void Assignment_MadeAgain_MovesNothing((byte Process, byte Held)[] members, byte standbys)
    {
        TaskAssignmentInput fresh = Input([.. members.Select(member => (member.Process, (byte)0))], standbys % 3);
        IReadOnlyDictionary<string, TaskAssignment> first = StickyTaskAssignor.Assign(fresh);
        TaskAssignmentInput again = fresh with
        {
            Members = [.. fresh.Members.Select(member => member with
            {
                Held = new HeldTasks(
                    first[member.Id].Active.ToImmutableSortedDictionary(task => task, _ => 1),
                    first[member.Id].Standby, []),
            })],
        };

        IReadOnlyDictionary<string, TaskAssignment> second = StickyTaskAssignor.Assign(again);

        if (fresh.Members.Select(member => member.ProcessId).Distinct().Count() == fresh.Members.Count)
        {
            // One thread a process: then processes are even, and their threads are, and nothing has to move.
            Assert.All(fresh.Members, member => Assert.Equal(first[member.Id].Active, second[member.Id].Active));
            int[] counts = [.. first.Values.Select(tasks => tasks.Active.Count)];
            Assert.True(counts.Length == 0 || counts.Max() - counts.Min() <= 1);
        }
    }

    private static void Step(StreamsWorld world, StreamsThread[] threads, StreamsThread thread, byte what)
    {
        switch (what % 16)
        {
            case 5:
                world.HeartbeatInVain(thread.Heartbeat(StreamsWorld.GroupId, tellsTasks: true), thread.Connection);
                break;
            case 6:
                world.Heartbeat(thread.Heartbeat(StreamsWorld.GroupId, tellsTasks: true), thread.Connection);
                thread.Reconnect();
                break;
            case 7:
                Beat(world, thread, tellsTasks: false);
                thread.Settle();
                break;
            case 8:
                if (thread.Epoch > 0)
                {
                    world.Heartbeat(thread.Leave(StreamsWorld.GroupId), thread.Connection);
                }

                break;
            case 9:
                thread.Stop();
                break;
            case 10:
                world.Restart();
                break;
            case 11:
                world.Advance(1_000);
                break;
            case 12:
                // Longer than a session: who was silent has been given up, and has to know it.
                Array.ForEach(threads, silent => silent.Stop());
                world.Advance(46_000);
                break;
            case 13:
                Beat(world, thread, tellsTasks: true);
                break;
            case 14:
                thread.Settle();
                break;
            case 15:
                world.SetStandbyReplicas(what / 16 % 2);
                break;
            default:
                Beat(world, thread, tellsTasks: true);
                thread.Settle();
                world.Advance(300);
                break;
        }
    }

    private static void Beat(StreamsWorld world, StreamsThread thread, bool tellsTasks) =>
        thread.Answered(world.Heartbeat(
            thread.Heartbeat(StreamsWorld.GroupId, tellsTasks), thread.Connection));

    private static void Check(StreamsThread[] threads)
    {
        TaskId[] active = [.. threads.SelectMany(thread => thread.Owned.Active)];
        Assert.Equal(active.Length, active.Distinct().Count());
    }

    private static void Converged(StreamsWorld world, StreamsThread[] threads)
    {
        StreamsThread[] running = [.. threads.Where(thread => thread.IsRunning)];
        Assert.Equal(running.Length, world.Group?.Members.Count ?? 0);
        if (running.Length == 0)
        {
            return;
        }

        Assert.Equal("Stable", world.Group!.StateName);
        Assert.Equal(2 * StreamsWorld.Partitions, running.Sum(thread => thread.Owned.Active.Count));
        foreach (IGrouping<string, StreamsThread> process in running.GroupBy(thread => thread.ProcessId))
        {
            TaskId[] all = [.. process.SelectMany(thread => thread.Owned.Active.Union(thread.Owned.Standby))];
            Assert.Equal(all.Length, all.Distinct().Count());
        }
    }

    private static TaskAssignmentInput Input((byte Process, byte Held)[] members, int standbys)
    {
        ConfiguredSubtopology[] parts =
        [
            new("0", 5, [], [], [], []),
            new("1", 7, [], [], [], [new ConfiguredTopic("state", 7, 0, [])]),
        ];
        TaskId[] tasks = [.. parts.SelectMany(
            part => Enumerable.Range(0, part.TaskCount).Select(at => new TaskId(part.Id, at)))];
        HashSet<TaskId> taken = [];
        return new TaskAssignmentInput([.. members.Select((member, i) => new TaskAssignmentInput.Member(
            $"m{i:D3}", $"p{member.Process % 5}",
            new HeldTasks(
                tasks.Where(task => member.Held != 0 && (task.Partition + member.Held) % 3 == 0 && taken.Add(task))
                    .ToImmutableSortedDictionary(task => task, _ => 1),
                [.. tasks.Where(task => task.Subtopology == "1" && member.Held != 0
                    && (task.Partition * member.Held) % 7 == 1)], []),
            tasks.Where(task => task.Subtopology == "1" && member.Held % 11 == task.Partition)
                .ToDictionary(task => task, task => (long)member.Held)))], parts, standbys);
    }
}
