using KRaftSharp.Client.Consumer.Assignors;

namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>What the application has, what it is to have, and the step that is under way between them.</summary>
internal sealed class OwnedPartitions
{
    private readonly SortedSet<TopicPartition> _owned = new(
        Comparer<TopicPartition>.Create(TopicPartitionOrder.ByTopic));

    private IReadOnlyList<TopicPartition>? _target;
    private bool _isLost;

    /// <summary>What the application has now.</summary>
    public IReadOnlyCollection<TopicPartition> All => _owned;

    /// <summary>What was last assigned, whether the application still has it or not.</summary>
    public IReadOnlyCollection<TopicPartition> LastAssigned { get; private set; } = [];

    /// <summary>The generation or epoch of that; -1 never.</summary>
    public int LastGeneration { get; private set; } = -1;

    /// <summary>The application carries out a step.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>What is to be owned is; nothing is under way.</summary>
    public bool IsSettled => _target is null && !IsBusy && !_isLost;

    /// <summary>From now on that is to be owned.</summary>
    public void Aim(IReadOnlyList<TopicPartition> target, int generation)
    {
        _target = target;
        LastAssigned = target;
        LastGeneration = generation;
    }

    /// <summary>What was assigned and has not reached the application never will.</summary>
    public void DropTarget() => _target = null;

    /// <summary>Everything is another's already.</summary>
    public void LoseAll()
    {
        _target = null;
        _isLost = _owned.Count > 0 || IsBusy;
    }

    /// <summary>The application has given everything up by other means.</summary>
    public void Forget()
    {
        _owned.Clear();
        _target = null;
        _isLost = false;
    }

    public RebalanceStep? NextLoss()
    {
        if (IsBusy || !_isLost)
        {
            return null;
        }

        _isLost = _owned.Count > 0;
        return _isLost ? new RebalanceStep(RebalanceStepKind.Lose, [.. _owned], []) : null;
    }

    public RebalanceStep? NextRevocation(IEnumerable<TopicPartition> partitions)
    {
        TopicPartition[] revoked = [.. partitions];
        return IsBusy || revoked.Length == 0
            ? null
            : new RebalanceStep(RebalanceStepKind.Revoke, revoked, [.. _owned.Except(revoked)]);
    }

    /// <summary>First what is owned beyond the target is given up, then what is missing comes.</summary>
    public RebalanceStep? NextTowardsTarget()
    {
        if (IsBusy || _target is null)
        {
            return null;
        }

        return NextRevocation(_owned.Except(_target))
            ?? new RebalanceStep(RebalanceStepKind.Assign, [.. _target.Where(partition => !_owned.Contains(partition))],
                _target);
    }

    /// <summary>The application takes a step up; none other is given until it is done.</summary>
    public RebalanceStep? Take(RebalanceStep? step)
    {
        IsBusy |= step is not null;
        return step;
    }

    public void Done(RebalanceStep step)
    {
        IsBusy = false;
        _owned.Clear();
        _owned.UnionWith(step.Owned);
        if (step.Kind == RebalanceStepKind.Assign)
        {
            _target = ReferenceEquals(_target, step.Owned) ? null : _target;
        }
        else if (step.Kind == RebalanceStepKind.Lose)
        {
            _isLost = false;
        }
    }
}
