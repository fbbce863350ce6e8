using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Transport;
using KRaftSharp.Tests.Unit.Controller;

namespace KRaftSharp.Tests.Property.Controller;

/// <summary>Plays a history against one controller whose quorum may forget what is not committed.</summary>
internal sealed class ControllerHistory(int[] steps)
{
    private const int Brokers = 5;
    private static readonly string[] Topics = ["a", "b", "c.d", "c_d"];
    private readonly ControllerBench _bench = new(settings => settings with { MaxIdleIntervalMs = 0 }, seed: 7);
    private readonly MetadataRules _rules = new();
    private readonly HashSet<long> _blocks = [];
    private readonly List<(ValueTask<IApiMessage> Answer, bool IsStale)> _waiting = [];
    private readonly long[] _incarnations = new long[Brokers];
    private Prng _dice = new(0);

    public void Run()
    {
        _bench.Quorum.Lead();
        foreach (int step in steps)
        {
            _dice = new Prng((ulong)step);
            Act(step % 18);
            Collect();
            CheckAll();
        }

        _bench.Quorum.CommitAll();
        CheckAll();
        CheckReplay();
        EndReassignments();
        CheckAll();
    }

    private void Act(int action)
    {
        int broker = _dice.Below(Brokers);
        switch (action)
        {
            case 0:
                Send(ControllerBench.Registration(broker, ++_incarnations[broker]), 4, broker);
                break;
            case 1 or 2 or 3:
                Beat(broker, isStale: _dice.Below(12) == 0);
                break;
            case 4 or 5:
                Send(NewTopic(), 7, 100);
                break;
            case 6:
                Send(new DeleteTopicsRequest { TimeoutMs = 1, Topics = [new() { Name = AnyTopic() }] }, 6, 100);
                break;
            case 7 or 8:
                AlterIsr();
                break;
            case 9:
                Send(Election(), 2, 100);
                break;
            case 10:
                Send(Unclean(), 1, 100);
                break;
            case 11:
                AllocateIds(broker, isStale: _dice.Below(6) == 0);
                break;
            case 12:
                _bench.Controller.ConnectionClosed(broker);
                _bench.Transport.Answer(broker, _dice.Below(2) == 0 ? RpcStatus.Refused : RpcStatus.Ok);
                break;
            case 13:
                _bench.Time.Advance(_dice.Below(6_000));
                break;
            case 14:
                Reassign();
                break;
            case 15:
                Send(Registered(broker), 4, broker);
                break;
            case 16:
                ChangeLeader();
                break;
            default:
                ChangeCommits(broker);
                break;
        }
    }

    /// <summary>A new incarnation that says whether the last one stopped in order.</summary>
    private BrokerRegistrationRequest Registered(int broker) => ControllerBench.Registration(
        broker, ++_incarnations[broker], _dice.Below(2) == 0 ? _bench.EpochOf(broker) : -1);

    private void AllocateIds(int broker, bool isStale)
    {
        long epoch = _bench.EpochOf(broker) - (isStale ? 1 : 0);
        Send(new AllocateProducerIdsRequest { BrokerId = broker, BrokerEpoch = epoch }, 0, 9, isStale);
    }

    private void Reassign()
    {
        List<int> target = [];
        for (int i = _dice.Between(1, 3); i > 0; i--)
        {
            target.Add(_dice.Below(Brokers));
        }

        AlterPartitionReassignmentsRequest request = new()
        {
            AllowReplicationFactorChange = _dice.Below(4) > 0,
            Topics =
            [
                new()
                {
                    Name = AnyTopic(),
                    Partitions =
                    [
                        new() { PartitionIndex = _dice.Below(2), Replicas = _dice.Below(4) == 0 ? null : target },
                    ],
                },
            ],
        };
        Send(request, 1, 100);
    }

    /// <summary>A reassignment ends: once all its replicas are there and in sync, or at once by a cancel.</summary>
    private void EndReassignments()
    {
        _bench.Quorum.CommitsAtOnce = true;
        _bench.Quorum.Lead();
        for (int broker = 0; broker < Brokers; broker++)
        {
            Send(ControllerBench.Registration(broker, ++_incarnations[broker], _bench.EpochOf(broker)), 4, broker);
            _bench.Heartbeat(broker);
        }

        foreach (TopicImage topic in _bench.Image.Topics.ById.Values)
        {
            foreach (int id in topic.Partitions.Keys)
            {
                PartitionRegistration partition = _bench.Image.Topics.Partition(topic.Id, id)!;
                if (partition.IsReassigning && partition.HasLeader)
                {
                    int[] kept = [.. partition.Replicas.Except(partition.RemovingReplicas)];
                    Send(IsrOf(topic, id, partition, partition.Replicas), 3, partition.Leader);
                    partition = _bench.Image.Topics.Partition(topic.Id, id)!;
                    Assert.False(partition.IsReassigning, $"a reassignment ends: {partition}");
                    Assert.Equal(kept, partition.Replicas);
                }
            }
        }
    }

    private AlterPartitionRequest IsrOf(
        TopicImage topic, int id, PartitionRegistration partition, IEnumerable<int> members) => new()
        {
            BrokerId = partition.Leader,
            BrokerEpoch = _bench.EpochOf(partition.Leader),
            Topics =
            [
                new()
                {
                    TopicId = topic.Id,
                    Partitions =
                    [
                        new()
                        {
                            PartitionIndex = id,
                            LeaderEpoch = partition.LeaderEpoch,
                            PartitionEpoch = partition.PartitionEpoch,
                            NewIsrWithEpochs =
                            [
                                .. members.Select(member => new AlterPartitionRequest.BrokerState
                                {
                                    BrokerId = member,
                                    BrokerEpoch = _bench.EpochOf(member),
                                }),
                            ],
                        },
                    ],
                },
            ],
        };

    private void ChangeLeader()
    {
        _bench.Quorum.Lose(_dice.Below(3));
        CheckAll();
        _bench.Quorum.Lead();
    }

    private void ChangeCommits(int broker)
    {
        switch (_dice.Below(4))
        {
            case 0:
                _bench.Quorum.CommitsAtOnce = false;
                break;
            case 1:
                _bench.Quorum.CommitOne();
                break;
            case 2:
                Send(new UnregisterBrokerRequest { BrokerId = broker }, 0, 100);
                break;
            default:
                _bench.Quorum.CommitsAtOnce = true;
                _bench.Quorum.CommitAll();
                break;
        }
    }

    /// <param name="isStale">It speaks for an earlier life of its broker.</param>
    private void Send(IApiMessage request, short version, long connection, bool isStale = false) =>
        _waiting.Add((_bench.Send(request, version, connection), isStale));

    private void Collect()
    {
        foreach ((ValueTask<IApiMessage> waiting, bool isStale) in
            _waiting.Where(one => one.Answer.IsCompleted).ToList())
        {
            _waiting.Remove((waiting, isStale));
            IApiMessage answer = waiting.GetAwaiter().GetResult();
            Assert.False(
                isStale && answer is AllocateProducerIdsResponse { ErrorCode: ErrorCode.None }
                    or BrokerHeartbeatResponse { ErrorCode: ErrorCode.None },
                $"a request with a stale epoch is fenced: {answer}");
            if (answer is AllocateProducerIdsResponse { ErrorCode: ErrorCode.None } block)
            {
                Assert.True(_blocks.Add(block.ProducerIdStart), "producer id blocks are handed out once");
                Assert.Equal(0, block.ProducerIdStart % block.ProducerIdLen);
            }
        }
    }

    private void CheckAll()
    {
        _rules.Check(_bench.Image);
        Assert.Equal(_bench.Quorum.HighWatermark, _bench.Image.Provenance.EndOffset);
    }

    /// <summary>Replaying the log, or snapshot plus tail, gives what the loader has.</summary>
    private void CheckReplay()
    {
        IMetadataRecord[] log = [.. _bench.Quorum.CommittedRecords];
        MetadataImage whole = Replay(MetadataImage.Empty, log);
        Assert.True(whole.SameContent(_bench.Image), "the log gives the same image");
        int bootstrap = Array.FindLastIndex(log, record => record is EndTransactionRecord) + 1;
        int cut = _dice.Between(bootstrap, log.Length);
        MetadataImage snapshot = Replay(
            MetadataImage.Empty,
            ImageWriter.Records(Replay(MetadataImage.Empty, log[..cut])).Select(record => record.Record));
        Assert.True(Replay(snapshot, log[cut..]).SameContent(whole), "snapshot and tail give the same image");
    }

    private static MetadataImage Replay(MetadataImage image, IEnumerable<IMetadataRecord> records)
    {
        MetadataDelta delta = new(image);
        MetadataTransaction transaction = new();
        foreach (IMetadataRecord record in records)
        {
            transaction.Replay(record, delta);
        }

        return delta.Apply(new LogPoint(0, 0), 0);
    }

    private void Beat(int broker, bool isStale)
    {
        BrokerHeartbeatRequest request = new()
        {
            BrokerId = broker,
            BrokerEpoch = _bench.EpochOf(broker) - (isStale ? 1 : 0),
            CurrentMetadataOffset = _dice.Below(8) == 0 ? 0 : _bench.Quorum.HighWatermark,
            WantFence = _dice.Below(8) == 0,
            WantShutDown = _dice.Below(8) == 0,
        };
        Send(request, 2, broker, isStale);
    }

    private string AnyTopic() => Topics[_dice.Below(Topics.Length)];

    private CreateTopicsRequest NewTopic()
    {
        CreateTopicsRequest.CreatableTopic topic = new()
        {
            Name = AnyTopic(),
            NumPartitions = _dice.Between(1, 4),
            ReplicationFactor = (short)_dice.Between(1, 3),
        };
        if (_dice.Below(3) == 0)
        {
            topic.Configs.Add(new() { Name = "unclean.leader.election.enable", Value = "true" });
        }

        if (_dice.Below(2) == 0)
        {
            topic.Configs.Add(new() { Name = "min.insync.replicas", Value = "2" });
        }

        return new CreateTopicsRequest { Topics = [topic] };
    }

    private void AlterIsr()
    {
        MetadataImage image = _bench.Image;
        if (!image.Topics.TryGet(AnyTopic(), out TopicImage? topic))
        {
            return;
        }

        int id = _dice.Below(topic.Partitions.Count);
        PartitionRegistration partition = topic.Partitions[id];
        int sender = _dice.Below(6) == 0 ? _dice.Below(Brokers) : partition.Leader;
        int kept = _dice.Below(1 << partition.Replicas.Length);
        int[] strangers = _dice.Below(8) == 0 ? [_dice.Below(Brokers)] : [];
        AlterPartitionRequest request = new()
        {
            BrokerId = sender,
            BrokerEpoch = _bench.EpochOf(sender),
            Topics =
            [
                new()
                {
                    TopicId = topic.Id,
                    Partitions =
                    [
                        new()
                        {
                            PartitionIndex = id,
                            LeaderEpoch = partition.LeaderEpoch - (_dice.Below(8) == 0 ? 1 : 0),
                            PartitionEpoch = partition.PartitionEpoch - (_dice.Below(8) == 0 ? 1 : 0),
                            LeaderRecoveryState = (sbyte)(_dice.Below(3) == 0
                                ? (int)partition.LeaderRecoveryState
                                : 0),
                            NewIsrWithEpochs =
                            [
                                .. partition.Replicas.Where((_, index) => (kept >> index & 1) == 1).Union(strangers)
                                    .Select(member => new AlterPartitionRequest.BrokerState
                                    {
                                        BrokerId = member,
                                        BrokerEpoch = _bench.EpochOf(member),
                                    }),
                            ],
                        },
                    ],
                },
            ],
        };
        Send(request, 3, sender);
    }

    private ElectLeadersRequest Election() => new()
    {
        ElectionType = (sbyte)_dice.Below(2),
        TopicPartitions = _dice.Below(2) == 0 ? null : [new() { Topic = AnyTopic(), Partitions = [0, 1] }],
    };

    private IncrementalAlterConfigsRequest Unclean() => new()
    {
        Resources =
        [
            new()
            {
                ResourceType = 2,
                ResourceName = AnyTopic(),
                Configs =
                [
                    new()
                    {
                        Name = "unclean.leader.election.enable",
                        Value = _dice.Below(2) == 0 ? "true" : "false",
                    },
                ],
            },
        ],
    };
}
