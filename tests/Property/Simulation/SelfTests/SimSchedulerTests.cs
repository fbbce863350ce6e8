using KRaftSharp.Tests.Property.Simulation.Clock;

namespace KRaftSharp.Tests.Property.Simulation.SelfTests;

public sealed class SimSchedulerTests
{
    private readonly SimScheduler _scheduler = new(new SimTrace());

    [Fact]
    public void Events_RunInOrderOfTimeThenOfScheduling()
    {
        var seen = new List<int>();
        _scheduler.Schedule(_scheduler.World, TimeSpan.FromMilliseconds(2), () => seen.Add(3));
        _scheduler.Schedule(_scheduler.World, TimeSpan.FromMilliseconds(1), () => seen.Add(1));
        _scheduler.Schedule(_scheduler.World, TimeSpan.FromMilliseconds(1), () => seen.Add(2));

        _scheduler.RunUntil(TimeSpan.FromSeconds(1).Ticks);

        Assert.Equal([1, 2, 3], seen);
        Assert.Equal(1000, _scheduler.NowMs);
    }

    [Fact]
    public void Awaits_ComeBackToTheContextOnTheSameThread()
    {
        int thread = Environment.CurrentManagedThreadId;
        var context = new SimContext(_scheduler, "node", 1);
        var clock = new SimTimeProvider(_scheduler, context, TimeSpan.Zero, 0);
        var seen = new List<(long AtMs, int Thread, SynchronizationContext? Context)>();
        async Task Run()
        {
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using ITimer timer = clock.CreateTimer(_ => source.SetResult(), null, TimeSpan.FromMilliseconds(30),
                Timeout.InfiniteTimeSpan);
            await source.Task;
            seen.Add((_scheduler.NowMs, Environment.CurrentManagedThreadId, SynchronizationContext.Current));
            await Task.Yield();
            seen.Add((_scheduler.NowMs, Environment.CurrentManagedThreadId, SynchronizationContext.Current));
        }

        _scheduler.Schedule(context, TimeSpan.Zero, () => _ = Run());
        _scheduler.RunUntil(TimeSpan.FromSeconds(1).Ticks);

        Assert.Equal([(30, thread, context), (30, thread, context)], seen);
    }

    [Fact]
    public void ContinueWith_StaysOnTheThread()
    {
        int thread = 0;
        _scheduler.Schedule(_scheduler.World, TimeSpan.Zero,
            () => Task.CompletedTask.ContinueWith(_ => thread = Environment.CurrentManagedThreadId,
                TaskScheduler.Current));

        _scheduler.RunUntil(1);

        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public void EndedContext_RunsNothingMore()
    {
        var context = new SimContext(_scheduler, "node", 1);
        bool ran = false;
        _scheduler.Schedule(context, TimeSpan.FromMilliseconds(2), () => ran = true);
        _scheduler.Schedule(_scheduler.World, TimeSpan.FromMilliseconds(1), context.End);

        _scheduler.RunUntil(TimeSpan.FromSeconds(1).Ticks);

        Assert.False(ran);
    }

    [Fact]
    public void PausedContext_CatchesUpInOrder()
    {
        var context = new SimContext(_scheduler, "node", 1) { PausedUntilTicks = TimeSpan.FromMilliseconds(50).Ticks };
        var seen = new List<(int Which, long AtMs)>();
        _scheduler.Schedule(context, TimeSpan.FromMilliseconds(2), () => seen.Add((1, _scheduler.NowMs)));
        _scheduler.Schedule(context, TimeSpan.FromMilliseconds(9), () => seen.Add((2, _scheduler.NowMs)));

        _scheduler.RunUntil(TimeSpan.FromSeconds(1).Ticks);

        Assert.Equal([(1, 50L), (2, 50L)], seen);
    }

    [Fact]
    public void ResumedContext_RunsWhatWaitedBeforeWhatIsNew()
    {
        var context = new SimContext(_scheduler, "node", 1) { PausedUntilTicks = TimeSpan.FromMilliseconds(50).Ticks };
        var seen = new List<int>();
        _scheduler.Schedule(context, TimeSpan.FromMilliseconds(2), () => seen.Add(1));
        _scheduler.Schedule(context, TimeSpan.FromMilliseconds(9), () => seen.Add(3));
        _scheduler.Schedule(context, TimeSpan.FromMilliseconds(3), () => seen.Add(2));
        _scheduler.Schedule(_scheduler.World, TimeSpan.FromMilliseconds(5), () =>
        {
            context.PausedUntilTicks = 0;
            _scheduler.Release(context);
        });

        _scheduler.RunUntil(TimeSpan.FromSeconds(1).Ticks);

        Assert.Equal([1, 2, 3], seen);
    }

    [Fact]
    public void Timer_RepeatsByItsOwnDriftingClock()
    {
        var clock = new SimTimeProvider(_scheduler, _scheduler.World, TimeSpan.FromSeconds(5), 1.0);
        var at = new List<long>();
        using ITimer timer = clock.CreateTimer(_ => at.Add(_scheduler.NowMs), null, TimeSpan.FromMilliseconds(20),
            TimeSpan.FromMilliseconds(40));

        _scheduler.RunUntil(TimeSpan.FromMilliseconds(55).Ticks);

        Assert.Equal([10, 30, 50], at);
        Assert.Equal(TimeSpan.FromMilliseconds(110), TimeSpan.FromTicks(clock.GetTimestamp()));
    }
}
