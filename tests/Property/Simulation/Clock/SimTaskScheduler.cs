namespace KRaftSharp.Tests.Property.Simulation.Clock;

/// <summary>Takes continuations that were attached without a context, so that none reaches the thread pool.</summary>
internal sealed class SimTaskScheduler(SimScheduler scheduler) : TaskScheduler
{
    protected override void QueueTask(Task task) =>
        scheduler.Schedule(scheduler.Current, 0, state => TryExecuteTask((Task)state!), task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
