using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Property.Groups;

/// <summary>
/// The group coordinator's state over a log that keeps what is appended: the shard of the broker, without its threads.
/// A failover reads the log into a new shard.
/// </summary>
internal sealed class GroupWorld
{
    private readonly List<(byte[] Key, byte[]? Value, ProducerStamp? Producer, bool? IsCommit)> _log = [];
    private readonly GroupServices _services;
    private ShardTimers _timers = null!;

    public GroupWorld(ulong seed, GroupSettings? settings = null)
    {
        Chance = new Prng(seed);
        _services = new GroupServices(
            settings ?? new GroupSettings { InitialRebalanceDelayMs = 0 }, Time, Chance.Fork(), () => Image);
        Shard = Load();
    }

    public GroupTime Time { get; } = new();

    public Prng Chance { get; }

    public MetadataImage Image { get; private set; } = MetadataImage.Empty;

    public GroupShard Shard { get; private set; }

    public int RecordCount => _log.Count;

    /// <summary>The next appends fail.</summary>
    public bool CannotWrite { get; set; }

    public Uuid AddTopic(string name, int partitions)
    {
        TopicImage topic = Image.Topics.TryGet(name, out TopicImage? known)
            ? known
            : new TopicImage(Chance.NextUuid(), name);
        for (int index = topic.Partitions.Count; index < partitions; index++)
        {
            topic = topic.With(index, new PartitionRegistration { Replicas = [1], Isr = [1], Leader = 1 });
        }

        Image = Image with { Topics = Image.Topics.With(topic) };
        return topic.Id;
    }

    public void DeleteTopic(string name)
    {
        if (Image.Topics.TryGet(name, out TopicImage? topic))
        {
            Image = Image with { Topics = Image.Topics.Without(topic) };
            Run(new Decision([.. Shard.Offsets.TombstonesOf(topic.Name, topic.Id)]), null);
        }
    }

    /// <summary>The coordinator does not get to hear of it.</summary>
    public void DeleteTopicUnseen(string name)
    {
        if (Image.Topics.TryGet(name, out TopicImage? topic))
        {
            Image = Image with { Topics = Image.Topics.Without(topic) };
        }
    }

    /// <summary>Runs an operation; the answer may come later.</summary>
    public Task<Outcome<T>> Ask<T>(Func<GroupShard, Reply<T>, Decision> operation)
        where T : class
    {
        Reply<T> reply = new();
        Run(operation(Shard, reply), reply);
        return reply.Task;
    }

    /// <summary>Runs an operation that answers at once.</summary>
    public T? AskNow<T>(Func<GroupShard, Reply<T>, Decision> operation)
        where T : class
    {
        Task<Outcome<T>> answer = Ask(operation);
        Assert.True(answer.IsCompleted, "an answer is owed");
        return answer.GetAwaiter().GetResult().Value;
    }

    public void End(ProducerStamp producer, bool isCommit)
    {
        _log.Add(([], null, producer, isCommit));
        Shard.ReplayMarker(producer, isCommit);
    }

    /// <summary>Another node reads the log.</summary>
    public void FailOver()
    {
        _timers.Dispose();
        Shard.Unloaded();
        Shard = Load();
    }

    /// <summary>A shard that knows what the log says, and nothing else.</summary>
    public GroupShard Load()
    {
        _timers = new ShardTimers(Time, operation => Run(operation(), null));
        GroupShard shard = new(_services, _timers);
        for (int offset = 0; offset < _log.Count; offset++)
        {
            Replay(shard, offset);
        }

        Shard = shard;
        shard.Loaded();
        return shard;
    }

    /// <summary>What the log says of consumer groups, read anew.</summary>
    public ConsumerGroup? Recorded(string groupId)
    {
        using ShardTimers none = new(Time, _ => { });
        GroupShard shard = new(_services, none);
        for (int offset = 0; offset < _log.Count; offset++)
        {
            Replay(shard, offset);
        }

        return shard.Find(groupId) as ConsumerGroup;
    }

    private void Run(Decision decision, IReply? reply)
    {
        if (decision.HasWrites && CannotWrite)
        {
            decision.Failed?.Invoke(ErrorCode.NotEnoughReplicas);
            reply?.Fail(ErrorCode.NotEnoughReplicas);
            return;
        }

        foreach (CoordinatorRecord record in decision.Records)
        {
            _log.Add((
                CoordinatorRecordCodec.EncodeKey(record.Key),
                record.Value is { } value ? CoordinatorRecordCodec.EncodeValue(value, record.Version) : null,
                decision.Producer, null));
            if (decision.IsReplayed)
            {
                Replay(Shard, _log.Count - 1);
            }
        }

        decision.Appended?.Invoke();
        decision.Committed?.Invoke();
    }

    private void Replay(GroupShard shard, int offset)
    {
        (byte[] keyBytes, byte[]? valueBytes, ProducerStamp? producer, bool? isCommit) = _log[offset];
        if (isCommit is { } commits)
        {
            shard.ReplayMarker(producer!.Value, commits);
            return;
        }

        Assert.True(CoordinatorRecordCodec.TryDecodeKey(
            CoordinatorKind.Group, keyBytes, out ICoordinatorRecord? key, out _));
        ICoordinatorRecord? value = null;
        Assert.True(valueBytes is null || CoordinatorRecordCodec.TryDecodeValue(
            CoordinatorKind.Group, key!.RecordKey, valueBytes, out value, out _, out _));
        shard.Replay(offset, key!, value, producer);
    }
}
