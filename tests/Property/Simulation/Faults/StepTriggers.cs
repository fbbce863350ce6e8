namespace KRaftSharp.Tests.Property.Simulation.Faults;

/// <summary>What is to happen the next time that a commit reaches a step.</summary>
internal sealed class StepTriggers
{
    private readonly Dictionary<CommitStep, Queue<Action<int>>> _armed = [];
    private readonly SortedDictionary<CommitStep, int> _struck = [];

    /// <summary>How often something has happened at each step.</summary>
    public IReadOnlyDictionary<CommitStep, int> Struck => _struck;

    /// <param name="action">Called between two events with the node where the step was taken.</param>
    public void Arm(CommitStep step, Action<int> action)
    {
        if (!_armed.TryGetValue(step, out Queue<Action<int>>? waiting))
        {
            _armed.Add(step, waiting = new Queue<Action<int>>());
        }

        waiting.Enqueue(action);
    }

    public void Reached(CommitStep step, int nodeId)
    {
        if (_armed.TryGetValue(step, out Queue<Action<int>>? waiting) && waiting.TryDequeue(out Action<int>? action))
        {
            _struck[step] = _struck.GetValueOrDefault(step) + 1;
            action(nodeId);
        }
    }
}
