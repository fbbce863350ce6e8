using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Tests.Property.Simulation.Checkers;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.Runs;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Quorum;

/// <summary>
/// One run of three to five replicas of the metadata log under faults: appends, snapshots and resignations while faults
/// strike; then everything is healed, and the quorum must agree on a leader and commit again.
/// </summary>
internal sealed class QuorumCluster : IFaultTarget
{
    private const int HealedMs = 30_000;

    /// <summary>The check-quorum time, a slow clock's share, and the longest that a frame is under way.</summary>
    private const int ContactMs = 5000;
    private readonly SimWorld _world;
    private readonly QuorumModel _model;
    private readonly QuorumSetup _setup;
    private readonly QuorumMachine[] _machines;
    private readonly QuorumChecker _checker;
    private readonly ContactChecker _contact;
    private readonly FaultInjector _faults;
    private readonly Prng _chance;
    private int _nextName;
    private bool _isHealed;
    private int _committedAtHealing;

    public QuorumCluster(SimWorld world)
    {
        _world = world;
        _model = new QuorumModel(world.Violations);
        _setup = new QuorumSetup(world);
        _machines = [.. Enumerable.Range(0, _setup.Count).Select(id => new QuorumMachine(world, id, _setup, _model))];
        _checker = new QuorumChecker(_setup.Count, world.Violations);
        _contact = new ContactChecker(world, _machines, ContactMs);
        _faults = new FaultInjector(world, this);
        _chance = world.Chance.Fork();
    }

    public IReadOnlyList<SimMachine> Machines => _machines;

    /// <summary>The quorum promises that what is committed survives any number of power losses.</summary>
    public bool IsRecovering => false;

    public bool MayLoseAllMachines => true;

    public bool MayLoseMachine(SimMachine machine) => true;

    public void HasLostPower(SimMachine machine)
    {
    }

    public SimMachine? Find(Target role)
    {
        QuorumMachine? leader = LatestLeader();
        return role == Target.PartitionFollower ? Array.Find(_machines, machine => machine != leader) : leader;
    }

    public RunResult Run()
    {
        foreach (QuorumMachine machine in _machines)
        {
            machine.Start();
        }

        _faults.Schedule();
        _world.After(200, Work);
        int faultsMs = _world.Scenario.DurationMs;
        RunUntil(faultsMs, stop: null);
        if (_world.Violations.Found.Count == 0)
        {
            Heal(faultsMs);
        }

        return new RunResult(
            _world.Scenario,
            [.. _world.Violations.Found],
            _world.Trace.Hash,
            _world.Scheduler.EventCount,
            _world.Scheduler.NowMs,
            _model.NameCount,
            _world.Struck,
            _world.Trace.Tail(int.MaxValue));
    }

    private void Heal(int faultsMs)
    {
        _faults.HealAll();
        _isHealed = true;
        _committedAtHealing = _model.NameCount;
        RunUntil(faultsMs + HealedMs, HasConverged);
        _world.Violations.Require(
            _world.Violations.Found.Count > 0 || HasConverged(),
            "with a majority connected, a leader is elected and appends commit",
            () => $"{HealedMs} ms after healing: committed {_model.NameCount - _committedAtHealing} names, "
                + string.Join("; ", _machines.Select(machine => machine.State)));
    }

    private void RunUntil(long untilMs, Func<bool>? stop) => _world.RunUntil(untilMs, () =>
    {
        foreach (QuorumMachine machine in _machines)
        {
            if (machine.View is { } view)
            {
                _checker.Check(view);
                if (_world.Scheduler.LastRun?.NodeId == machine.Id)
                {
                    _contact.Check(view);
                }
            }
        }

        return stop?.Invoke() == true;
    });

    /// <summary>One leader, known to all; new names committed since, and handed to every node.</summary>
    private bool HasConverged() =>
        _model.NameCount > _committedAtHealing + 10
        && LatestLeader() is { } leader
        && Array.TrueForAll(_machines, machine =>
            machine.Story is { } story
            && story.Leader == leader.Story!.Leader
            && story.NextOffset > leader.Story.NextOffset - 20
            && machine.VoterIds.SequenceEqual(leader.VoterIds))
        && (!_setup.IsDynamic || LatestLeader() is { } voter && voter.VoterIds.Contains(voter.Id));

    private QuorumMachine? LatestLeader() =>
        _machines.Where(machine => machine.Story?.LeadingEpoch >= 0).MaxBy(machine => machine.Story!.LeadingEpoch);

    private void Work()
    {
        foreach (QuorumMachine machine in _machines)
        {
            if (machine.Context is { IsAlive: true, IsFrozen: false } context && machine.Story is not null)
            {
                // In the node's own context: what it does there dies with it.
                _world.Scheduler.Schedule(context, TimeSpan.Zero, () => WorkOn(machine));
            }
        }

        _world.After(_chance.Between(2, 60), Work);
    }

    private void WorkOn(QuorumMachine machine)
    {
        int dice = _chance.Below(200);
        if (machine.Story is not { } story)
        {
            return;
        }

        if (dice < 4)
        {
            story.WriteSnapshot();
        }
        else if (dice == 199 && !_isHealed)
        {
            machine.Resign();
        }
        else if (_setup.IsDynamic && !_isHealed && dice is >= 4 and < 12 && story.LeadingEpoch >= 0)
        {
            machine.ChangeVoters(_chance.Below(_machines.Length), isAddition: dice < 9);
        }
        else if (story.LeadingEpoch >= 0)
        {
            for (int i = _chance.Between(1, 4); i > 0; i--)
            {
                var records = new List<VersionedRecord>();
                for (int count = _chance.Between(1, 5); count > 0; count--)
                {
                    records.Add(new VersionedRecord(new TopicRecord { Name = $"n{_nextName++}" }, 0));
                }

                machine.TryAppend(records, atomic: _chance.Below(2) == 0);
            }
        }
    }
}
