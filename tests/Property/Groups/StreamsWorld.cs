using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Streams;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Tests.Unit.Controller;

namespace KRaftSharp.Tests.Property.Groups;

/// <summary>The real coordinator of one streams group over a log that outlives it, on a clock of its own.</summary>
internal sealed class StreamsWorld
{
    public const string GroupId = "g";
    public const int Partitions = 4;
    private readonly ManualTime _clock = new();
    private readonly List<(byte[] Key, byte[]? Value)> _log = [];
    private MetadataImage _image = NewImage();
    private ShardTimers? _timers;
    private GroupShard _shard;

    public StreamsWorld() => _shard = Load();

    public StreamsGroup? Group => _shard.Find(GroupId) as StreamsGroup;

    /// <summary>A subtopology without state, and one with: both of four tasks.</summary>
    public static StreamsGroupHeartbeatRequest.TopologyValue NewTopology() => new()
    {
        Epoch = 1,
        Subtopologies =
        [
            new() { SubtopologyId = "0", SourceTopics = ["in"], RepartitionSinkTopics = ["again"] },
            new()
            {
                SubtopologyId = "1",
                RepartitionSourceTopics = [new() { Name = "again" }],
                StateChangelogTopics = [new() { Name = "state" }],
            },
        ],
    };

    public StreamsGroupHeartbeatResponse Heartbeat(StreamsGroupHeartbeatRequest request, int connection)
    {
        Assert.Null(StreamsHeartbeatChecks.Check(request));
        Reply<StreamsHeartbeatResult> reply = new();
        Carry(_shard.Streams.Heartbeat(request, new GroupClient("client", "/host", 1, connection), reply));
        Outcome<StreamsHeartbeatResult> outcome = reply.Task.GetAwaiter().GetResult();
        Assert.Equal(ErrorCode.None, outcome.Error);
        return outcome.Value!.Response;
    }

    /// <summary>A heartbeat whose records come into the log, but too late for an answer.</summary>
    public void HeartbeatInVain(StreamsGroupHeartbeatRequest request, int connection) =>
        Carry(_shard.Streams.Heartbeat(
            request, new GroupClient("client", "/host", 1, connection), new Reply<StreamsHeartbeatResult>()) with
        {
            Committed = null,
        });

    public void Advance(long ms) => _clock.Advance(ms);

    public void SetStandbyReplicas(int count) => _image = _image with
    {
        Configs = _image.Configs.With(
            new ConfigResource(ConfigResourceType.Group, GroupId), "streams.num.standby.replicas", $"{count}"),
    };

    /// <summary>The coordinator is gone; another one reads the log, and finds the same.</summary>
    public void Restart()
    {
        string before = Dump();
        _timers?.Dispose();
        _shard.Unloaded();
        _shard = Load();
        Assert.Equal(before, Dump());
    }

    private static MetadataImage NewImage()
    {
        TopicsImage topics = TopicsImage.Empty;
        foreach ((string name, int at) in new[] { "in", "again", "state" }.Select((name, at) => (name, at)))
        {
            topics = topics.With(new TopicImage(new Uuid(1, at + 1), name)
            {
                Partitions = Enumerable.Range(0, Partitions).ToImmutableSortedDictionary(
                    partition => partition, _ => new PartitionRegistration { Replicas = [1], Isr = [1], Leader = 1 }),
            });
        }

        return MetadataImage.Empty with { Topics = topics };
    }

    private GroupShard Load()
    {
        _timers = new ShardTimers(_clock, operation => Carry(operation()));
        GroupShard shard = new(new GroupServices(new GroupSettings(), _clock, new Prng(1), () => _image), _timers);
        long offset = 0;
        foreach ((byte[] key, byte[]? value) in _log)
        {
            Assert.True(CoordinatorRecordCodec.TryDecodeKey(
                CoordinatorKind.Group, key, out ICoordinatorRecord? decoded, out _));
            ICoordinatorRecord? body = null;
            Assert.True(value is null || CoordinatorRecordCodec.TryDecodeValue(
                CoordinatorKind.Group, (short)((key[0] << 8) | key[1]), value, out body, out _, out _));
            shard.Replay(offset++, decoded!, body, null);
        }

        shard.Loaded();
        return shard;
    }

    private void Carry(Decision decision)
    {
        foreach (CoordinatorRecord record in decision.Records)
        {
            _log.Add((CoordinatorRecordCodec.EncodeKey(record.Key), record.Value is { } value
                ? CoordinatorRecordCodec.EncodeValue(value, record.Version)
                : null));
            _shard.Replay(_log.Count - 1, record.Key, record.Value, null);
        }

        decision.Committed?.Invoke();
    }

    /// <summary>All that the group's records say.</summary>
    private string Dump()
    {
        if (Group is not { } group)
        {
            return "";
        }

        IEnumerable<CoordinatorRecord> records =
        [
            StreamsRecords.Epoch(
                group, group.Epoch, group.MetadataHash, group.ValidatedTopologyEpoch, group.AssignmentConfigs),
            StreamsRecords.Topology(group.Id, group.Topology!),
            StreamsRecords.TargetEpoch(group.Id, group.TargetEpoch, group.TargetTimestampMs),
            .. group.Targets.Select(target => StreamsRecords.Target(group.Id, target.Key, target.Value)),
            .. group.Members.Values.Select(member => StreamsRecords.Member(group.Id, member)),
            .. group.Members.Values.Select(member => StreamsRecords.Current(group.Id, member)),
        ];
        return string.Join('\n', records.Select(record => Convert.ToHexString(
            CoordinatorRecordCodec.EncodeKey(record.Key)) + " " + Convert.ToHexString(
                CoordinatorRecordCodec.EncodeValue(record.Value!, record.Version)))) + group.StateName;
    }
}
