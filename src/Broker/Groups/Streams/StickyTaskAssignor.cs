using System.Collections.Immutable;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>
/// The one task assignor of Kafka, "sticky": a task stays where it is, or where its state is, as long as the load is
/// even; what is left goes to the process with the least load. No process has a task twice.
/// </summary>
internal sealed class StickyTaskAssignor
{
    public const string Name = "sticky";

    private readonly TaskAssignmentInput _input;
    private readonly Dictionary<string, ProcessLoad> _processes = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<ProcessLoad> _processOrder;
    private readonly Dictionary<TaskId, TaskAssignmentInput.Member> _previousActive = [];
    private readonly Dictionary<TaskId, TaskAssignmentInput.Member[]> _previousStandby;
    private readonly Dictionary<string, ImmutableSortedSet<TaskId>.Builder> _active;
    private readonly Dictionary<string, ImmutableSortedSet<TaskId>.Builder> _standby;
    private readonly Quota _activeQuota;
    private readonly Quota _totalQuota;

    private StickyTaskAssignor(TaskAssignmentInput input)
    {
        _input = input;
        Dictionary<TaskId, List<Candidate>> candidates = [];
        foreach (TaskAssignmentInput.Member member in input.Members)
        {
            if (!_processes.TryGetValue(member.ProcessId, out ProcessLoad? process))
            {
                _processes[member.ProcessId] = process = new ProcessLoad();
            }

            process.AddMember(member.Id);
            foreach (TaskId task in member.Held.Active.Keys)
            {
                _previousActive[task] = member;
            }

            AddCandidates(candidates, member);
        }

        _processOrder = [.. HashOrder.OfAsked(
            input.Members.Select(member => member.ProcessId), input.Members.Count).Select(id => _processes[id])];
        _previousStandby = candidates.ToDictionary(task => task.Key, task => task.Value
            .OrderBy(candidate => !candidate.IsStandby).ThenByDescending(candidate => candidate.Offset)
            .Select(candidate => candidate.Member).ToArray());
        _active = NewTasks(input.Members);
        _standby = NewTasks(input.Members);
        int active = input.Subtopologies.Sum(subtopology => subtopology.TaskCount);
        int standby = input.StandbyReplicas * input.Subtopologies
            .Where(subtopology => subtopology.IsStateful).Sum(subtopology => subtopology.TaskCount);
        _activeQuota = new Quota(active, input.Members.Count);
        _totalQuota = new Quota(active + standby, input.Members.Count);
    }

    public static IReadOnlyDictionary<string, TaskAssignment> Assign(TaskAssignmentInput input)
    {
        if (input.Members.Count == 0)
        {
            return new Dictionary<string, TaskAssignment>(StringComparer.Ordinal);
        }

        StickyTaskAssignor assignor = new(input);
        assignor.AssignActive();
        if (input.StandbyReplicas > 0)
        {
            assignor.AssignStandby();
        }

        return input.Members.ToDictionary(
            member => member.Id,
            member => new TaskAssignment(
                assignor._active[member.Id].ToImmutable(), assignor._standby[member.Id].ToImmutable(), []),
            StringComparer.Ordinal);
    }

    private static Dictionary<string, ImmutableSortedSet<TaskId>.Builder> NewTasks(
        IEnumerable<TaskAssignmentInput.Member> members) => members.ToDictionary(
            member => member.Id, _ => ImmutableSortedSet.CreateBuilder<TaskId>(), StringComparer.Ordinal);

    /// <summary>Who has state of a task: standby tasks rank before state that a member only has on disk.</summary>
    private static void AddCandidates(
        Dictionary<TaskId, List<Candidate>> candidates, TaskAssignmentInput.Member member)
    {
        foreach (TaskId task in member.Held.Standby)
        {
            Add(task, new Candidate(member, true, member.Offsets.GetValueOrDefault(task)));
        }

        foreach ((TaskId task, long offset) in member.Offsets)
        {
            if (!member.Held.Standby.Contains(task))
            {
                Add(task, new Candidate(member, false, offset));
            }
        }

        void Add(TaskId task, Candidate candidate)
        {
            if (!candidates.TryGetValue(task, out List<Candidate>? known))
            {
                candidates[task] = known = [];
            }

            known.Add(candidate);
        }
    }

    private IEnumerable<TaskId> Tasks(Func<ConfiguredSubtopology, bool> isAsked) => _input.Subtopologies
        .Where(isAsked).SelectMany(subtopology => Enumerable.Range(0, subtopology.TaskCount)
            .Select(partition => new TaskId(subtopology.Id, partition)));

    private void AssignActive()
    {
        // First assignments follow partitions, so that is the order in which they are kept.
        List<TaskId> open = [.. Tasks(_ => true).OrderBy(task => task.Partition).ThenBy(task => task)];
        open.RemoveAll(task => TryActive(task, _previousActive.GetValueOrDefault(task)));
        open.RemoveAll(task => TryActive(task, LeastLoaded(task, mustBeFree: false)));
        BinaryHeap<ProcessLoad> byLoad = ByLoad();
        foreach (TaskId task in open.Order())
        {
            ProcessLoad process = byLoad.Take();
            (string memberId, int count) = process.AddToLeastLoaded(task);
            _active[memberId].Add(task);
            _activeQuota.Reached(count);
            _totalQuota.Reached(count);
            byLoad.Add(process);
        }
    }

    private bool TryActive(TaskId task, TaskAssignmentInput.Member? member)
    {
        if (member is null || _processes[member.ProcessId].CountOf(member.Id) >= _activeQuota.PerMember)
        {
            return false;
        }

        int count = _processes[member.ProcessId].Add(member.Id, task);
        _active[member.Id].Add(task);
        _activeQuota.Reached(count);
        _totalQuota.Reached(count);
        return true;
    }

    private void AssignStandby()
    {
        List<(TaskId Task, int Copies)> open = [];
        foreach (TaskId task in Tasks(subtopology => subtopology.IsStateful)
            .OrderByDescending(task => task.Partition).ThenByDescending(task => task))
        {
            for (int placed = 0; placed < _input.StandbyReplicas; placed++)
            {
                if (!TryStandby(task, _previousActive.GetValueOrDefault(task))
                    && !TryStandby(task, LeastLoaded(task, mustBeFree: true)))
                {
                    open.Add((task, _input.StandbyReplicas - placed));
                    break;
                }
            }
        }

        BinaryHeap<ProcessLoad> byLoad = ByLoad();
        foreach ((TaskId task, int copies) in open.OrderByDescending(copy => copy.Task))
        {
            for (int copy = 0; copy < copies && PlaceStandby(byLoad, task); copy++)
            {
            }
        }
    }

    private bool TryStandby(TaskId task, TaskAssignmentInput.Member? member)
    {
        if (member is null || _processes[member.ProcessId] is not { } process || process.Has(task)
            || process.CountOf(member.Id) >= _totalQuota.PerMember)
        {
            return false;
        }

        int count = process.Add(member.Id, task);
        _standby[member.Id].Add(task);
        _totalQuota.Reached(count);
        return true;
    }

    /// <summary>False when every process has the task already.</summary>
    private bool PlaceStandby(BinaryHeap<ProcessLoad> byLoad, TaskId task)
    {
        Stack<ProcessLoad> passed = [];
        bool isPlaced = false;
        while (!isPlaced && byLoad.Count > 0)
        {
            ProcessLoad process = byLoad.Take();
            passed.Push(process);
            if (!process.Has(task))
            {
                (string memberId, int count) = process.AddToLeastLoaded(task);
                _standby[memberId].Add(task);
                _totalQuota.Reached(count);
                isPlaced = true;
            }
        }

        while (passed.TryPop(out ProcessLoad? process))
        {
            byLoad.Add(process);
        }

        return isPlaced;
    }

    /// <summary>Of those who have state of a task, who has least to do; the first of them when none has less in both
    /// regards.</summary>
    /// <param name="mustBeFree">Whether processes that have the task already are out of the question.</param>
    private TaskAssignmentInput.Member? LeastLoaded(TaskId task, bool mustBeFree)
    {
        TaskAssignmentInput.Member? best = null;
        double leastProcess = double.MaxValue;
        int leastMember = int.MaxValue;
        foreach (TaskAssignmentInput.Member member in _previousStandby.GetValueOrDefault(task) ?? [])
        {
            ProcessLoad process = _processes[member.ProcessId];
            if (mustBeFree && process.Has(task))
            {
                continue;
            }

            if (best is null || (process.Load < leastProcess && process.CountOf(member.Id) < leastMember))
            {
                (best, leastProcess, leastMember) = (member, process.Load, process.CountOf(member.Id));
            }
        }

        return best;
    }

    private BinaryHeap<ProcessLoad> ByLoad()
    {
        BinaryHeap<ProcessLoad> heap = new((one, other) => one.Load.CompareTo(other.Load));
        foreach (ProcessLoad process in _processOrder)
        {
            heap.Add(process);
        }

        return heap;
    }

    private sealed record Candidate(TaskAssignmentInput.Member Member, bool IsStandby, long Offset);

    /// <summary>How many tasks a member may keep: what is left, shared among those that have not reached it.</summary>
    private sealed class Quota(int tasks, int members)
    {
        private int _tasks = tasks;
        private int _members = members;

        public int PerMember { get; private set; } = Share(tasks, members);

        public void Reached(int count)
        {
            if (count == PerMember)
            {
                _members--;
                _tasks -= count;
                PerMember = Share(_tasks, _members);
            }
        }

        private static int Share(int tasks, int members) =>
            members == 0 ? 0 : (tasks / members) + (tasks % members > 0 ? 1 : 0);
    }
}
