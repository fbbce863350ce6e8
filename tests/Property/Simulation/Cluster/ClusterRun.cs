using KRaftSharp.History;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Tests.Property.Simulation.Checkers;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.Runs;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>
/// One run of a whole cluster: clients write, read and administer while faults strike; then everything is healed, what
/// is under way must be finished, and what clients were told is compared with what is there.
/// </summary>
internal sealed class ClusterRun
{
    private const int MinInsyncReplicas = 2;
    private const int HealedMs = 90_000;
    private const int ConvergenceCheckMs = 50;
    private readonly SimWorld _world;
    private readonly ClusterMachine[] _machines;
    private readonly ClusterFaults _target;
    private readonly FaultInjector _faults;
    private readonly IClusterWorkload _clients;
    private readonly MetadataChecker _metadata;
    private readonly QuorumChecker _quorum;
    private readonly PartitionChecker _offsets;
    private readonly CommittedLogChecker _logs;
    private readonly PartitionProbe _probe;
    private readonly MetadataImage?[] _lastImages;
    private long _isrCheckedTo;
    private long _lookAtMs;

    /// <param name="makeClients">Of the world and of whom to tell what was acknowledged with acks=all.</param>
    public ClusterRun(
        SimWorld world, ClusterSetup setup,
        Func<IReadOnlyList<ClusterMachine>, Action<PartitionId, long>, IClusterWorkload> makeClients)
    {
        _world = world;
        int count = world.Scenario.NodeCount;
        _machines = [.. Enumerable.Range(0, count).Select(id => new ClusterMachine(world, id, setup))];
        _lastImages = new MetadataImage?[count];
        _target = new ClusterFaults(world, _machines);
        _faults = new FaultInjector(world, _target);
        _metadata = new MetadataChecker(world.Violations);
        _quorum = new QuorumChecker(count, world.Violations);
        _offsets = new PartitionChecker(world.Violations);
        _logs = new CommittedLogChecker("logs agree below the smaller high watermark", world.Violations);
        _clients = makeClients(_machines, OnAcknowledged);
        _probe = new PartitionProbe(_offsets, _logs, world.Violations) { Observer = _clients.Observer };
    }

    public RunResult Run()
    {
        foreach (ClusterMachine machine in _machines)
        {
            machine.Start();
        }

        _faults.Schedule();
        RunUntil(_world.Scenario.DurationMs, stop: null);
        if (_world.Violations.Found.Count == 0)
        {
            Heal();
        }

        return new RunResult(
            _world.Scenario,
            [.. _world.Violations.Found],
            _world.Trace.Hash,
            _world.Scheduler.EventCount,
            _world.Scheduler.NowMs,
            _clients.History.AcknowledgedCount,
            _world.Struck,
            _world.Trace.Tail(int.MaxValue))
        {
            CrashedAt = _world.Steps.Struck,
        };
    }

    private void Heal()
    {
        _faults.HealAll();
        _clients.Drain();
        RunUntil(_world.Scenario.DurationMs + HealedMs, () => IsTimeToLook() && HasConverged());
        if (_world.Violations.Found.Count > 0)
        {
            return;
        }

        if (!HasConverged())
        {
            _world.Violations.Add("a healed cluster finishes what is under way", WhatIsMissing());
            return;
        }

        _clients.Conclude();
        FinalReadings.Add(_clients.History.Operations, _machines);
        foreach (string anomaly in HistoryChecker.Check(_clients.History.Operations).Select(found => found.ToString())
            .Concat(_clients.History.Anomalies))
        {
            _world.Violations.Add("what a client sees", anomaly);
        }

        foreach ((string property, string what) in _clients.Broken())
        {
            _world.Violations.Add(property, what);
        }

        foreach (string difference in ClusterModel.Differences(
            _clients.History, _machines[0].Image!, isCalm: _world.Struck.Count == 0))
        {
            _world.Violations.Add("what the administrator was told holds", difference);
        }
    }

    private void RunUntil(long untilMs, Func<bool>? stop) => _world.RunUntil(untilMs, () =>
    {
        if (_world.Scheduler.LastRun is { NodeId: >= 0 and var id } && id < _machines.Length)
        {
            Look(_machines[id]);
        }

        return stop?.Invoke() == true;
    });

    private void Look(ClusterMachine machine)
    {
        if (!machine.IsRunning)
        {
            return;
        }

        if (machine.QuorumView is { } view)
        {
            _quorum.Check(view);
        }

        if (machine.Image is { } image && !ReferenceEquals(image, _lastImages[machine.Id]))
        {
            _lastImages[machine.Id] = image;
            if (image.Provenance.EndOffset > 0)
            {
                _metadata.Check(ImageViews.Of(machine.Id, machine.Life, image));
            }
        }

        _probe.Look(machine, machine.Partitions);
        if (machine.Image is { } latest && latest.Provenance.EndOffset > _isrCheckedTo)
        {
            _isrCheckedTo = latest.Provenance.EndOffset;
            CheckIsrs(latest);
        }
    }

    /// <summary>
    /// Who is in an ISR holds all that is committed; but for a machine that lost power, until it is registered anew.
    /// </summary>
    private void CheckIsrs(MetadataImage image)
    {
        foreach (TopicImage topic in image.Topics.ById.Values)
        {
            foreach ((int index, PartitionRegistration partition) in topic.Partitions)
            {
                string name = $"{topic.Id}-{index}";
                long committed = _logs.EndOf(name);
                foreach (int member in partition.Isr.Where(id => id != _target.RecoveringId && committed > 0))
                {
                    _world.Violations.Require(
                        _probe.LogEndOf(member, name) >= committed,
                        "a broker joins an ISR only after catching up",
                        () => $"{topic.Name}-{index}: {partition}; node {member} ends at "
                            + $"{_probe.LogEndOf(member, name)}, committed is {committed}");
                }
            }
        }
    }

    private void OnAcknowledged(PartitionId partition, long lastOffset)
    {
        foreach (ClusterMachine machine in _machines)
        {
            if (machine.Image?.Topics.TryGet(partition.Topic, out TopicImage? topic) == true)
            {
                _offsets.CheckAcknowledged($"{topic.Id}-{partition.Partition}", lastOffset, MinInsyncReplicas);
                return;
            }
        }
    }

    /// <summary>Looking at everything is dear: not after every event.</summary>
    private bool IsTimeToLook()
    {
        if (_world.Scheduler.NowMs < _lookAtMs)
        {
            return false;
        }

        _lookAtMs = _world.Scheduler.NowMs + ConvergenceCheckMs;
        return true;
    }

    private bool HasConverged() => _clients.AreDone && WhatIsMissing().Length == 0;

    /// <summary>What keeps the cluster from being as it should be; empty when nothing does.</summary>
    private string WhatIsMissing()
    {
        if (!_clients.AreDone)
        {
            return "clients wait: " + _clients.Waiting;
        }

        if (Array.Find(_machines, machine => !machine.HasStarted) is { } down)
        {
            return $"node {down.Id} does not serve";
        }

        MetadataImage image = _machines[0].Image!;
        foreach (ClusterMachine machine in _machines)
        {
            if (machine.Image!.Provenance != image.Provenance)
            {
                return $"node {machine.Id} has metadata up to {machine.Image.Provenance}, node 0 {image.Provenance}";
            }
        }

        return _machines.SelectMany(machine => image.Topics.ById.Values.SelectMany(topic =>
            topic.Partitions.Select(partition => ClusterConvergence.Missing(machine, topic, partition.Key, _machines))))
            .FirstOrDefault(missing => missing.Length > 0) ?? "";
    }
}
