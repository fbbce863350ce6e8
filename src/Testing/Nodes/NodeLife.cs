namespace KRaftSharp.Testing.Nodes;

/// <summary>One life of a node, from its start to its kill: whatever it does goes through here, so that it can be
/// stopped dead or made to stand still.</summary>
internal sealed class NodeLife
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _held = new();
    private TaskCompletionSource? _paused;
    private volatile bool _isDead;

    public bool IsDead => _isDead;

    /// <summary>Completed while the node runs.</summary>
    public Task Running
    {
        get
        {
            lock (_gate)
            {
                return _paused?.Task ?? Task.CompletedTask;
            }
        }
    }

    /// <summary>Runs it now, once the node goes on, or never.</summary>
    public void Run(Action action)
    {
        lock (_gate)
        {
            if (_paused is not null)
            {
                _held.Enqueue(action);
                return;
            }
        }

        if (!_isDead)
        {
            action();
        }
    }

    public void Pause()
    {
        lock (_gate)
        {
            _paused ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Resume()
    {
        Action[] held;
        TaskCompletionSource? paused;
        lock (_gate)
        {
            held = [.. _held];
            _held.Clear();
            (paused, _paused) = (_paused, null);
        }

        paused?.SetResult();
        foreach (Action action in held)
        {
            Run(action);
        }
    }

    /// <summary>Nothing that it does has an effect any more.</summary>
    public void Kill()
    {
        _isDead = true;
        Resume();
    }
}
