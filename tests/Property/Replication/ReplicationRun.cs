using System.Globalization;
using System.Text;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Tests.Property.Simulation.Checkers;
using KRaftSharp.Tests.Property.Simulation.Clients;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Replication;

/// <summary>
/// Three brokers, one producer a partition, processes that die and links that break; then everything heals, and the
/// logs must agree and hold what was acknowledged, once and in order.
/// </summary>
internal sealed class ReplicationRun
{
    private const int PartitionCount = 3;
    private const int FirstClient = 100;
    private readonly SimWorld _world;
    private readonly ModelController _controller;
    private readonly ReplicaMachine[] _machines;
    private readonly PartitionChecker _checker;
    private readonly List<List<int>> _acknowledged = [];
    private bool _isHealed;
    private bool _isOver;
    private int _draining;

    public ReplicationRun(ulong seed, bool isVerbose = false)
    {
        _world = new SimWorld(new Scenario(seed, 3, 6000, []), isVerbose);
        _checker = new PartitionChecker(_world.Violations);
        _controller = new ModelController(_world);
        _machines = [.. Enumerable.Range(1, 3).Select(id => new ReplicaMachine(_world, id, _controller, minIsr: 2))];
        foreach (ReplicaMachine machine in _machines)
        {
            _controller.Add(machine);
        }
    }

    public SimWorld World => _world;

    public int AcknowledgedCount => _acknowledged.Sum(numbers => numbers.Count);

    public void Execute(int durationMs, int faultCount)
    {
        foreach (ReplicaMachine machine in _machines)
        {
            machine.Start();
        }

        _world.After(200, () => _controller.CreateTopic(PartitionCount, [1, 2, 3]));
        for (int i = 0; i < PartitionCount; i++)
        {
            StartProducer(i);
        }

        for (int i = 0; i < faultCount; i++)
        {
            int at = _world.Chance.Between(500, durationMs);
            _world.After(at, Strike);
        }

        _world.After(1, Look);
        _world.RunUntil(durationMs);
        Heal();
        _world.RunUntil(durationMs + 20_000, () => _draining == PartitionCount && Agree());
        _isOver = true;
        _world.Violations.Require(
            _draining == PartitionCount && Agree(), "a healed cluster comes to rest", DescribeAll);
        if (_world.Violations.Found.Count == 0)
        {
            CheckRecords();
        }
    }

    private void Strike()
    {
        if (_isHealed)
        {
            return;
        }

        ReplicaMachine victim = _machines[_world.Chance.Below(_machines.Length)];
        int lasting = _world.Chance.Between(20, 1500);
        switch (_world.Chance.Below(4))
        {
            case 0:
                int other = _machines[_world.Chance.Below(_machines.Length)].Id;
                _world.Say("fault", $"{victim.Id} and {other} are cut off for {lasting} ms");
                _world.Network.Link(victim.Id, other).IsBlocked = true;
                _world.Network.Link(other, victim.Id).IsBlocked = true;
                _world.After(lasting, () =>
                {
                    _world.Network.Link(victim.Id, other).IsBlocked = false;
                    _world.Network.Link(other, victim.Id).IsBlocked = false;
                });
                break;
            case 1:
                victim.Pause(lasting);
                break;
            default:
                victim.KillProcess();
                _world.After(lasting, victim.Start);
                break;
        }
    }

    private void Heal()
    {
        _isHealed = true;
        _world.Say("world", "is healed");
        _world.Network.Heal();
        foreach (ReplicaMachine machine in _machines)
        {
            machine.Resume();
            machine.Start();
        }
    }

    private void Look()
    {
        foreach (ReplicaMachine machine in _machines)
        {
            foreach (Partition partition in machine.Replicas?.Partitions ?? [])
            {
                _checker.Check(ViewOf(machine, partition));
            }
        }

        if (!_isOver)
        {
            _world.After(2, Look);
        }
    }

    private static PartitionView ViewOf(ReplicaMachine machine, Partition partition) => new(
        machine.Id, machine.Life, partition.TopicPartition.ToString(), partition.View.IsLeader,
        partition.View.LeaderEpoch, partition.Log.LogStartOffset, partition.Log.HighWatermark,
        partition.Log.LogEndOffset);

    private void StartProducer(int index)
    {
        List<int> acknowledged = [];
        _acknowledged.Add(acknowledged);
        var client = new SimClient(_world, FirstClient + index, ReplicaMachine.Port);
        client.Start(async () =>
        {
            for (int number = 0; !_isHealed; number++)
            {
                while (!await TryProduceAsync(client, index, number) && !_isOver)
                {
                    await client.WaitAsync(5, 60);
                }

                acknowledged.Add(number);
                await client.WaitAsync(0, 10);
            }

            _draining++;
        });
    }

    private async Task<bool> TryProduceAsync(SimClient client, int index, int number)
    {
        int leader = _controller.Image.Topics.Partition(_controller.TopicId, index)?.Leader ?? -1;
        if (leader < 0)
        {
            return false;
        }

        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            ProducerId = 1000 + index,
            ProducerEpoch = 0,
            BaseSequence = number,
        });
        byte[] value = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
        builder.Append(1_767_225_600_000 + _world.Scheduler.NowMs, null, value);
        var request = new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 1000,
            TopicData =
            [
                new ProduceRequest.TopicProduceData
                {
                    TopicId = _controller.TopicId,
                    PartitionData =
                    [
                        new ProduceRequest.PartitionProduceData { Index = index, Records = builder.Build().ToArray() },
                    ],
                },
            ],
        };
        IApiMessage? answer = await client.AskAsync(leader, request, 13);
        ErrorCode error = answer is ProduceResponse { Responses: [{ PartitionResponses: [var result] }] }
            ? result.ErrorCode
            : ErrorCode.NetworkException;
        if (error != ErrorCode.None && !ErrorCodes.IsRetriable(error))
        {
            _world.Violations.Add("a produce is acknowledged or may be retried", $"{error} for {number} of {index}");
        }

        return error == ErrorCode.None;
    }

    /// <summary>Every replica is in sync and every log is the same and committed to its end.</summary>
    private bool Agree() => _controller.Partitions.All(partition =>
        partition.Registration.Isr.Length == 3
        && _machines.Select(machine => machine.Replicas?.Get(_controller.TopicId, partition.Index)?.Log)
            .Select(log => (log?.LogEndOffset, log?.HighWatermark)).Distinct().ToArray() is [var only]
        && only.LogEndOffset == only.HighWatermark && only.LogEndOffset is not null);

    private void CheckRecords()
    {
        for (int index = 0; index < PartitionCount; index++)
        {
            byte[][] logs = [.. _machines.Select(machine => Bytes(machine.Replicas!.Get(_controller.TopicId, index)!))];
            _world.Violations.Require(
                logs.All(log => log.AsSpan().SequenceEqual(logs[0])), "logs agree byte for byte", DescribeAll);
            List<int> stored = Numbers(logs[0]);
            int partition = index;
            _world.Violations.Require(
                stored.SequenceEqual(Enumerable.Range(0, stored.Count)) && stored.Count >= _acknowledged[index].Count,
                "acknowledged records are there, once and in order",
                () => $"{partition}: {_acknowledged[partition].Count} acknowledged, {string.Join(' ', stored)}");
        }
    }

    private static byte[] Bytes(Partition partition)
    {
        using LogReadResult read = partition.Log.Read(
            partition.Log.LogStartOffset, int.MaxValue, partition.Log.LogEndOffset, minOneBatch: true);
        return read.Records.ToArray();
    }

    private static List<int> Numbers(byte[] log)
    {
        List<int> numbers = [];
        var batches = new RecordBatchSplitter(log);
        while (batches.MoveNext())
        {
            Assert.True(RecordBatchView.TryParse(batches.Current, out RecordBatchView batch));
            numbers.Add(batch.BaseSequence);
        }

        return numbers;
    }

    private string DescribeAll() => string.Join(Environment.NewLine, _machines.SelectMany(machine =>
        (machine.Replicas?.Partitions ?? []).Select(partition => $"{ViewOf(machine, partition)}")))
        + Environment.NewLine + string.Join(Environment.NewLine, _controller.Partitions)
        + Environment.NewLine + string.Join(Environment.NewLine, _controller.Image.Cluster.Brokers.Values.Select(
            broker => $"broker {broker.Id} epoch {broker.Epoch} {(broker.IsFenced ? "fenced" : "active")}"))
        + $"{Environment.NewLine}{_draining} producers are done";
}
