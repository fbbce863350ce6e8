using KRaftSharp.Client;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Tests.Unit.Controller;

namespace KRaftSharp.Tests.Property.Client.Sharing;

/// <summary>Three brokers in memory with one shared topic: what a member of a share group may rely on, and no more. One
/// thread; the test says when requests arrive.</summary>
internal sealed class ShareModel : IConnector
{
    public const string Topic = "t";
    private const int LockMs = 30_000;

    private readonly List<ShareModelChannel> _channels = [];
    private readonly Dictionary<(int Broker, string Member), Session> _sessions = [];

    public ShareModel(int partitions, int records, Random chance)
    {
        Partitions =
        [
            .. Enumerable.Range(0, partitions).Select(index => new ShareModelPartition(
                index,
                Enumerable.Range(0, records).Where(_ => chance.Next(6) == 0).Select(i => (long)i).ToHashSet(),
                records)
            { Leader = (index % 3) + 1 }),
        ];
    }

    public IReadOnlyList<ShareModelPartition> Partitions { get; }

    public ManualTime Time { get; } = new();

    /// <summary>Requests are answered at once, and nothing goes wrong.</summary>
    public bool IsImmediate { get; set; }

    public ClientRuntime Runtime => new(this, Time, 5, TaskCreationOptions.None, static loop => loop());

    /// <summary>Connections with requests under way.</summary>
    public IReadOnlyList<ShareModelChannel> Busy => [.. _channels.Where(channel => channel.InFlight > 0)];

    private static Uuid TopicId { get; } = new(7, 7);

    public IBrokerChannel Open(BrokerAddress address)
    {
        ShareModelChannel channel = new(this, address);
        _channels.Add(channel);
        return channel;
    }

    /// <summary>With a connection its sessions end, and what their members hold is anybody's.</summary>
    public void Disconnected(ShareModelChannel channel)
    {
        foreach (((int broker, string member), _) in _sessions.Where(pair => pair.Value.Channel == channel).ToList())
        {
            EndSession(broker, member);
        }
    }

    /// <summary>All locks run out.</summary>
    public void ExpireAll()
    {
        foreach (ShareModelPartition partition in Partitions)
        {
            partition.Release(static _ => true);
        }
    }

    /// <summary>A broker forgets a session for its own reasons.</summary>
    public void LoseSession(int broker)
    {
        foreach ((int id, string member) in _sessions.Keys.Where(key => key.Broker == broker).ToList())
        {
            EndSession(id, member);
        }
    }

    public IApiMessage Handle(ShareModelChannel channel, int broker, IApiMessage request) => request switch
    {
        MetadataRequest => Metadata(),
        FindCoordinatorRequest find => new FindCoordinatorResponse
        {
            Coordinators = [new() { Key = find.CoordinatorKeys[0], NodeId = 1, Host = "broker", Port = 1 }],
        },
        ShareGroupHeartbeatRequest heartbeat => new ShareGroupHeartbeatResponse
        {
            MemberId = heartbeat.MemberId,
            MemberEpoch = heartbeat.MemberEpoch < 0 ? -1 : 1,
            HeartbeatIntervalMs = 1_000,
            Assignment = heartbeat.MemberEpoch != 0 ? null : new()
            {
                TopicPartitions =
                    [new() { TopicId = TopicId, Partitions = [.. Enumerable.Range(0, Partitions.Count)] }],
            },
        },
        ShareFetchRequest fetch => Fetch(channel, broker, fetch),
        ShareAcknowledgeRequest acknowledge => Acknowledge(channel, broker, acknowledge),
        _ => throw new InvalidOperationException($"the model does not know {request.Key}"),
    };

    private MetadataResponse Metadata()
    {
        MetadataResponse answer = new() { ClusterId = "model", ControllerId = 1 };
        answer.Brokers.AddRange(Enumerable.Range(1, 3).Select(id => new MetadataResponse.MetadataResponseBroker
        {
            NodeId = id,
            Host = "broker",
            Port = id,
        }));
        answer.Topics.Add(new MetadataResponse.MetadataResponseTopic
        {
            Name = Topic,
            TopicId = TopicId,
            Partitions = [.. Partitions.Select((partition, i) => new MetadataResponse.MetadataResponsePartition
            {
                PartitionIndex = i,
                LeaderId = partition.Leader,
                LeaderEpoch = partition.Epoch,
                ReplicaNodes = [1, 2, 3],
                IsrNodes = [1, 2, 3],
            })],
        });
        return answer;
    }

    private void EndSession(int broker, string member)
    {
        _sessions.Remove((broker, member));
        foreach (ShareModelPartition partition in Partitions.Where(partition => partition.Leader == broker))
        {
            partition.Release(holder => holder == member);
        }
    }

    private ErrorCode Enter(ShareModelChannel channel, int broker, string member, int epoch, bool opens)
    {
        if (epoch == 0 && opens)
        {
            _sessions[(broker, member)] = new Session(channel);
            return ErrorCode.None;
        }

        if (!_sessions.TryGetValue((broker, member), out Session? session))
        {
            return ErrorCode.ShareSessionNotFound;
        }

        if (epoch != -1 && epoch != session.Epoch)
        {
            return ErrorCode.InvalidShareSessionEpoch;
        }

        session.Epoch++;
        return ErrorCode.None;
    }

    private ShareFetchResponse Fetch(ShareModelChannel channel, int broker, ShareFetchRequest request)
    {
        string member = request.MemberId!;
        ErrorCode error = Enter(channel, broker, member, request.ShareSessionEpoch, opens: true);
        ShareFetchResponse answer = new() { ErrorCode = error, AcquisitionLockTimeoutMs = LockMs };
        if (error != ErrorCode.None)
        {
            return answer;
        }

        HashSet<int> wanted = _sessions[(broker, member)].Partitions;
        wanted.UnionWith(request.Topics.SelectMany(topic => topic.Partitions).Select(part => part.PartitionIndex));
        wanted.ExceptWith(request.ForgottenTopicsData.SelectMany(topic => topic.Partitions));
        Dictionary<int, ErrorCode> said = [];
        foreach (ShareFetchRequest.FetchPartition part in request.Topics.SelectMany(topic => topic.Partitions)
            .Where(part => part.AcknowledgementBatches.Count > 0))
        {
            said[part.PartitionIndex] = Acknowledge(broker, member, part.PartitionIndex, part.AcknowledgementBatches
                .Select(batch => (batch.FirstOffset, batch.LastOffset, batch.AcknowledgeTypes[0])));
        }

        answer.Responses.Add(new ShareFetchResponse.ShareFetchableTopicResponse { TopicId = TopicId });
        foreach (int i in wanted.Union(said.Keys))
        {
            ShareFetchResponse.PartitionData part = new() { PartitionIndex = i, Records = Array.Empty<byte>() };
            part.AcknowledgeErrorCode = (short)said.GetValueOrDefault(i);
            if (Partitions[i].Leader != broker)
            {
                part.ErrorCode = ErrorCode.NotLeaderOrFollower;
            }
            else if (wanted.Contains(i))
            {
                Partitions[i].Fetch(member, request.MaxRecords, part);
            }

            answer.Responses[0].Partitions.Add(part);
        }

        return answer;
    }

    private ShareAcknowledgeResponse Acknowledge(
        ShareModelChannel channel, int broker, ShareAcknowledgeRequest request)
    {
        string member = request.MemberId!;
        ErrorCode error = Enter(channel, broker, member, request.ShareSessionEpoch, opens: false);
        ShareAcknowledgeResponse answer = new() { ErrorCode = error, AcquisitionLockTimeoutMs = LockMs };
        if (error != ErrorCode.None)
        {
            return answer;
        }

        answer.Responses.AddRange(request.Topics.Select(
            topic => new ShareAcknowledgeResponse.ShareAcknowledgeTopicResponse
            {
                TopicId = topic.TopicId,
                Partitions = [.. topic.Partitions.Select(part => new ShareAcknowledgeResponse.PartitionData
                {
                    PartitionIndex = part.PartitionIndex,
                    ErrorCode = Acknowledge(broker, member, part.PartitionIndex, part.AcknowledgementBatches
                        .Select(batch => (batch.FirstOffset, batch.LastOffset, batch.AcknowledgeTypes[0]))),
                })],
            }));
        if (request.ShareSessionEpoch == -1)
        {
            EndSession(broker, member);
        }

        return answer;
    }

    private ErrorCode Acknowledge(
        int broker, string member, int index, IEnumerable<(long First, long Last, sbyte Type)> said) =>
        Partitions[index].Leader != broker ? ErrorCode.NotLeaderOrFollower
            : Partitions[index].Acknowledge(member, said) ? ErrorCode.None
            : ErrorCode.InvalidRecordState;

    private sealed class Session(ShareModelChannel channel)
    {
        public ShareModelChannel Channel => channel;

        public int Epoch { get; set; } = 1;

        public HashSet<int> Partitions { get; } = [];
    }
}
