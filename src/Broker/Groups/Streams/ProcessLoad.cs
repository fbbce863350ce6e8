namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>A process of a streams application while its tasks are assigned: its members and what they got.</summary>
internal sealed class ProcessLoad
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _members = [];
    private readonly HashSet<TaskId> _tasks = [];
    private BinaryHeap<(string Member, int Count)>? _byLoad;

    /// <summary>Tasks a member, on average.</summary>
    public double Load => (double)_tasks.Count / _members.Count;

    public bool Has(TaskId task) => _tasks.Contains(task);

    public int CountOf(string memberId) => _counts[memberId];

    public void AddMember(string memberId)
    {
        _members.Add(memberId);
        _counts[memberId] = 0;
    }

    /// <summary>The number of tasks that the member has now.</summary>
    public int Add(string memberId, TaskId task)
    {
        _byLoad = null;
        return Count(memberId, task);
    }

    /// <summary>Gives a task to whichever member has least, and tells who that is and how many it has now.</summary>
    public (string Member, int Count) AddToLeastLoaded(TaskId task)
    {
        if (_members.Count == 1)
        {
            return (_members[0], Count(_members[0], task));
        }

        if (_byLoad is null)
        {
            _byLoad = new BinaryHeap<(string Member, int Count)>((one, other) => one.Count.CompareTo(other.Count));
            foreach (string memberId in HashOrder.Of(_members))
            {
                _byLoad.Add((memberId, _counts[memberId]));
            }
        }

        string least = _byLoad.Take().Member;
        int count = Count(least, task);
        _byLoad.Add((least, count));
        return (least, count);
    }

    private int Count(string memberId, TaskId task)
    {
        _tasks.Add(task);
        return ++_counts[memberId];
    }
}
