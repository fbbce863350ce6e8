using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Groups.Share;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Groups;

/// <summary>What a share group knows of its state with the share coordinator.</summary>
public sealed class StateTopicsTests
{
    private static readonly Uuid Topic = new(0, 1);

    [Fact]
    public void Complete_OnlyWhatIsThere_IsAssigned()
    {
        StateTopics topics = StateTopics.None.Begin(Of(0, 1));
        Assert.False(topics.IsAssignable(new TopicIdPartition(Topic, 0)));

        topics = topics.Complete(Of(0));

        Assert.True(topics.IsAssignable(new TopicIdPartition(Topic, 0)));
        Assert.False(topics.IsAssignable(new TopicIdPartition(Topic, 1)));
        Assert.Equal([1], topics.Initializing[Topic].Partitions);
    }

    [Fact]
    public void GiveUp_LeavesWhatIsThere()
    {
        StateTopics topics = StateTopics.None.Begin(Of(0)).Complete(Of(0)).Begin(Of(1)).GiveUp(Of(1));

        Assert.Empty(topics.Initializing);
        Assert.Equal([0], topics.Initialized[Topic].Partitions);
    }

    [Fact]
    public void Forget_LeavesNothing()
    {
        StateTopics topics = StateTopics.None.Begin(Of(0, 1)).Complete(Of(1)).Forget([Topic]);

        Assert.False(topics.Knows(Topic));
    }

    private static Dictionary<Uuid, StateTopic> Of(params int[] partitions) =>
        new() { [Topic] = new StateTopic("t", [.. partitions], 0) };
}
