namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>Which process has which task of a group, counting those that are yet to be given up.</summary>
internal sealed class TaskHolders
{
    private readonly Dictionary<TaskId, string> _active = [];
    private readonly HashSet<(TaskId Task, string Process)> _standby = [];
    private readonly HashSet<(TaskId Task, string Process)> _warmup = [];

    public string? ActiveProcess(TaskId task) => _active.GetValueOrDefault(task);

    public bool HasStandby(TaskId task, string process) => _standby.Contains((task, process));

    public bool HasWarmup(TaskId task, string process) => _warmup.Contains((task, process));

    public void Add(StreamsMember member)
    {
        Add(member.Assigned, member.ProcessId);
        Add(member.PendingRevocation, member.ProcessId);
    }

    public void Remove(StreamsMember member)
    {
        Remove(member.Assigned, member.ProcessId);
        Remove(member.PendingRevocation, member.ProcessId);
    }

    private void Add(HeldTasks tasks, string process)
    {
        foreach (TaskId task in tasks.Active.Keys)
        {
            _active[task] = process;
        }

        _standby.UnionWith(tasks.Standby.Select(task => (task, process)));
        _warmup.UnionWith(tasks.Warmup.Select(task => (task, process)));
    }

    private void Remove(HeldTasks tasks, string process)
    {
        foreach (TaskId task in tasks.Active.Keys)
        {
            if (_active.GetValueOrDefault(task) == process)
            {
                _active.Remove(task);
            }
        }

        _standby.ExceptWith(tasks.Standby.Select(task => (task, process)));
        _warmup.ExceptWith(tasks.Warmup.Select(task => (task, process)));
    }
}
