using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Offsets;
using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Property.Groups;

/// <summary>When offsets and groups expire (KIP-211), on whichever node coordinates by then.</summary>
public sealed class OffsetRetentionTests
{
    private const long RetentionMs = 100_000;
    private const int CheckMs = 1_000;

    private readonly GroupWorld _world = new(1, new GroupSettings
    {
        InitialRebalanceDelayMs = 0,
        OffsetsRetentionMs = RetentionMs,
        OffsetsRetentionCheckMs = CheckMs,
    });

    private readonly Uuid _a;
    private readonly Uuid _b;

    public OffsetRetentionTests()
    {
        _a = _world.AddTopic("a", 1);
        _b = _world.AddTopic("b", 1);
    }

    [Fact]
    public void SimpleGroup_LivesForTheRetentionSinceItsCommit()
    {
        Commit("s", "a", _a);

        _world.Time.Advance(RetentionMs - CheckMs);
        Assert.NotNull(Offset("s", "a"));

        _world.Time.Advance(2 * CheckMs);
        Assert.Null(Offset("s", "a"));
        Assert.Null(_world.Shard.Find("s"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ClassicGroup_CountsFromTheMomentItWasEmpty(bool failsOver)
    {
        ModelClassic member = new(_world, "g", "m");
        Join(member);
        Commit("g", "a", _a, member);
        Keep(member, RetentionMs);
        Assert.NotNull(Offset("g", "a")); // somebody reads it
        member.Leave();
        if (failsOver)
        {
            _world.FailOver();
        }

        _world.Time.Advance(RetentionMs - CheckMs);
        Assert.NotNull(Offset("g", "a"));

        _world.Time.Advance(2 * CheckMs);
        Assert.Null(Offset("g", "a"));
        Assert.Null(_world.Shard.Find("g"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ActiveGroup_KeepsWhatItSubscribesToAndNothingElse(bool isConsumer)
    {
        ModelMember member = isConsumer ? new ModelConsumer(_world, "g", "m") : new ModelClassic(_world, "g", "m");
        member.Topics = member.Topics.Remove("b");
        Join(member);
        Commit("g", "a", _a, member);
        Commit("g", "b", _b, member);

        Keep(member, RetentionMs + (2 * CheckMs));

        Assert.NotNull(Offset("g", "a"));
        Assert.Null(Offset("g", "b"));
        Assert.NotNull(_world.Shard.Find("g"));
    }

    [Fact]
    public void OpenTransaction_KeepsTheGroup()
    {
        ProducerStamp producer = new(7, 0);
        Commit("t", "a", _a, producer: producer);

        _world.Time.Advance(2 * RetentionMs);
        Assert.NotNull(_world.Shard.Find("t"));

        _world.End(producer, isCommit: true);
        Assert.NotNull(Offset("t", "a"));
    }

    [Fact]
    public void DeletedTopic_TakesItsOffsetsAlong_AlsoWhenNobodyCoordinated()
    {
        Commit("g", "a", _a);
        Commit("g", "b", _b);

        _world.DeleteTopic("a");
        Assert.Null(Offset("g", "a"));
        Assert.NotNull(Offset("g", "b"));

        _world.DeleteTopicUnseen("b");
        _world.FailOver();
        _world.Time.Advance(1);
        Assert.Null(Offset("g", "b"));
    }

    [Fact]
    public void OffsetOfAnEarlierTopic_IsNotToldToWhoAsksById()
    {
        Commit("g", "a", _a);

        OffsetAnswer asked = _world.Shard.Fetch(new OffsetQuery(
            "g", null, -1, [(new TopicPartition("a", 0), _b), (new TopicPartition("a", 0), _a)], false));

        Assert.Equal([-1, 5], asked.Offsets.Select(offset => offset.Offset));
    }

    private void Join(ModelMember member)
    {
        for (int i = 0; i < 8; i++)
        {
            member.Step();
            _world.Time.Advance(1);
        }

        Assert.NotEmpty(member.Owned);
    }

    private void Keep(ModelMember member, long ms)
    {
        for (long passed = 0; passed < ms; passed += 2_000)
        {
            _world.Time.Advance(2_000);
            member.Step();
        }
    }

    private void Commit(
        string group, string topic, Uuid id, ModelMember? member = null, ProducerStamp? producer = null)
    {
        PartitionCommit commit = new(new TopicPartition(topic, 0), id, Offset: 5, LeaderEpoch: -1, Metadata: "");
        CommitOrigin origin = new(member?.Id ?? "", null, member?.Epoch ?? -1, producer is not null, 9);
        Assert.Equal(ErrorCode.None, _world.Shard.CheckCommit(group, origin, [commit]));
        Assert.NotNull(_world.AskNow<CommitOutcome>(
            (shard, reply) => shard.Commits.Commit(
                group, [commit], -1, producer is { } stamp ? new CommitTransaction(stamp, null) : null, reply)));
    }

    private CommittedOffset? Offset(string group, string topic) =>
        _world.Shard.Offsets.Get(group, new TopicPartition(topic, 0));
}
