using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Transport;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Replication;

/// <summary>
/// The least that replication needs of a controller: registrations, fencing, clean elections, ISR changes. It never
/// fails, and tells every node of each change in order, after a delay of its own.
/// </summary>
internal sealed class ModelController(SimWorld world)
{
    public const string Topic = "t";
    public const string Listener = "PLAINTEXT";
    private readonly List<ReplicaMachine> _machines = [];
    private long _offset = 1;

    public Uuid TopicId { get; } = new(0x4000, 7);

    public MetadataImage Image { get; private set; } = MetadataImage.Empty;

    public IEnumerable<(int Index, PartitionRegistration Registration)> Partitions =>
        Image.Topics.TryGet(Topic, out TopicImage? topic)
            ? topic.Partitions.Select(entry => (entry.Key, entry.Value))
            : [];

    public void Add(ReplicaMachine machine) => _machines.Add(machine);

    public void CreateTopic(int partitions, int[] replicas)
    {
        List<IMetadataRecord> records = [new TopicRecord { Name = Topic, TopicId = TopicId }];
        for (int i = 0; i < partitions; i++)
        {
            int[] order = [.. replicas.Skip(i % replicas.Length), .. replicas.Take(i % replicas.Length)];
            records.Add(new PartitionRecord
            {
                PartitionId = i,
                TopicId = TopicId,
                Replicas = [.. order],
                Isr = [.. order],
                Leader = order[0],
                LeaderEpoch = 0,
                PartitionEpoch = 0,
            });
        }

        Commit(records);
    }

    /// <summary>A process has started: registers it, and lets it in a little later.</summary>
    public long Register(ReplicaMachine machine)
    {
        long epoch = _offset;
        machine.Deliver(MetadataDelta.Between(MetadataImage.Empty, Image), Image);
        Commit([new RegisterBrokerRecord
        {
            BrokerId = machine.Id,
            BrokerEpoch = epoch,
            IncarnationId = new Uuid(0x4000, epoch),
            EndPoints =
            [
                new RegisterBrokerRecord.BrokerEndpoint
                {
                    Name = Listener,
                    Host = Simulation.Network.SimNetwork.NameOf(machine.Id),
                    Port = ReplicaMachine.Port,
                },
            ],
        }]);
        world.After(world.Chance.Between(10, 80), () => SetFenced(machine.Id, epoch, isFenced: false));
        return epoch;
    }

    public void Lost(int brokerId, long epoch) => world.After(
        world.Chance.Between(5, 100), () => SetFenced(brokerId, epoch, isFenced: true));

    public void Send(ReplicaMachine from, IApiMessage request, Action<RpcReply> completion)
    {
        Simulation.Clock.SimContext? life = from.Context;
        world.After(world.Chance.Between(1, 5), () =>
        {
            var response = new RpcReply(RpcStatus.Ok, Alter((AlterPartitionRequest)request), 3, null);
            if (life is { IsAlive: true })
            {
                world.Scheduler.Schedule(
                    life, TimeSpan.FromMilliseconds(world.Chance.Between(1, 5)), () => completion(response));
            }
        });
    }

    private void SetFenced(int brokerId, long epoch, bool isFenced)
    {
        if (Image.Cluster.Broker(brokerId)?.Epoch != epoch)
        {
            return;
        }

        List<IMetadataRecord> records =
        [
            new BrokerRegistrationChangeRecord
            {
                BrokerId = brokerId,
                BrokerEpoch = epoch,
                Fenced = (sbyte)(isFenced ? 1 : -1),
            },
        ];
        foreach ((int index, PartitionRegistration partition) in Partitions)
        {
            bool isMember = partition.Isr.Contains(brokerId);
            if (isFenced && isMember)
            {
                int[] isr = partition.Isr.Length == 1 ? partition.Isr : [.. partition.Isr.Where(id => id != brokerId)];
                int leader = partition.Leader == brokerId ? isr.FirstOrDefault(IsUnfenced, -1) : -2;
                leader = leader == brokerId ? -1 : leader;
                records.Add(new PartitionChangeRecord
                {
                    TopicId = TopicId,
                    PartitionId = index,
                    Isr = [.. isr],
                    Leader = leader,
                });
            }
            else if (!isFenced && isMember && partition.Leader == -1)
            {
                records.Add(new PartitionChangeRecord { TopicId = TopicId, PartitionId = index, Leader = brokerId });
            }
        }

        Commit(records);
    }

    private bool IsUnfenced(int id) => Image.Cluster.Broker(id) is { IsFenced: false };

    private AlterPartitionResponse Alter(AlterPartitionRequest request)
    {
        if (Image.Cluster.Broker(request.BrokerId)?.Epoch != request.BrokerEpoch)
        {
            return new AlterPartitionResponse { ErrorCode = ErrorCode.StaleBrokerEpoch };
        }

        var response = new AlterPartitionResponse();
        foreach (AlterPartitionRequest.TopicData topic in request.Topics)
        {
            var answers = new AlterPartitionResponse.TopicData { TopicId = topic.TopicId };
            foreach (AlterPartitionRequest.PartitionData asked in topic.Partitions)
            {
                answers.Partitions.Add(Alter(request.BrokerId, asked));
            }

            response.Topics.Add(answers);
        }

        return response;
    }

    private AlterPartitionResponse.PartitionData Alter(int brokerId, AlterPartitionRequest.PartitionData asked)
    {
        var answer = new AlterPartitionResponse.PartitionData { PartitionIndex = asked.PartitionIndex };
        PartitionRegistration now = Image.Topics.Partition(TopicId, asked.PartitionIndex)!;
        if (asked.LeaderEpoch != now.LeaderEpoch || brokerId != now.Leader)
        {
            answer.ErrorCode = ErrorCode.FencedLeaderEpoch;
        }
        else if (asked.PartitionEpoch != now.PartitionEpoch)
        {
            answer.ErrorCode = ErrorCode.InvalidUpdateVersion;
        }
        else if (!asked.NewIsrWithEpochs.TrueForAll(IsEligible))
        {
            answer.ErrorCode = ErrorCode.IneligibleReplica;
        }
        else
        {
            Commit([new PartitionChangeRecord
            {
                TopicId = TopicId,
                PartitionId = asked.PartitionIndex,
                Isr = [.. asked.NewIsrWithEpochs.Select(member => member.BrokerId)],
            }]);
            now = Image.Topics.Partition(TopicId, asked.PartitionIndex)!;
            answer.LeaderId = now.Leader;
            answer.LeaderEpoch = now.LeaderEpoch;
            answer.PartitionEpoch = now.PartitionEpoch;
            answer.Isr = [.. now.Isr];
        }

        return answer;
    }

    private bool IsEligible(AlterPartitionRequest.BrokerState member) =>
        Image.Cluster.Broker(member.BrokerId) is { IsActive: true } broker
        && (member.BrokerEpoch == -1 || member.BrokerEpoch == broker.Epoch);

    private void Commit(IReadOnlyList<IMetadataRecord> records)
    {
        var delta = new MetadataDelta(Image);
        foreach (IMetadataRecord record in records)
        {
            delta.Replay(record);
        }

        _offset += records.Count;
        Image = delta.Apply(new LogPoint(1, _offset), 0);
        foreach (ReplicaMachine machine in _machines)
        {
            machine.Deliver(delta, Image);
        }
    }
}
