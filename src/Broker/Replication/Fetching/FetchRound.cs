using KRaftSharp.Broker.Replication.Waiting;

namespace KRaftSharp.Broker.Replication.Fetching;

/// <summary>One answer of a leader while its partitions take it in; ends when the last one has.</summary>
internal sealed class FetchRound(Action<FetchRound> ended, IDisposable reply) : IDisposable
{
    private readonly List<FollowerStep> _steps = [];
    private int _open = 1;

    public IReadOnlyList<FollowerStep> Steps => _steps;

    /// <summary>Consumers of this node that wait for its high watermarks.</summary>
    public WakeList Wakes { get; } = new();

    /// <summary>To be called before the first step runs.</summary>
    public void Add(FollowerStep step)
    {
        _steps.Add(step);
        _open++;
    }

    /// <summary>Runs all steps, each on its partition's strand.</summary>
    public void Run()
    {
        foreach (FollowerStep step in _steps)
        {
            step.Fetched.Partition.Follow(step);
        }

        StepDone();
    }

    public void StepDone()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            Wakes.Exit();
            ended(this);
        }
    }

    /// <summary>Gives the answer's buffer back.</summary>
    public void Dispose() => reply.Dispose();
}
