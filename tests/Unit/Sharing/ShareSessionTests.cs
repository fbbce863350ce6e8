using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Sharing;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Sharing;

/// <summary>What a share session keeps between requests.</summary>
public sealed class ShareSessionTests
{
    private static readonly TopicIdPartition Zero = new(new Uuid(0, 1), 0);
    private static readonly TopicIdPartition One = new(new Uuid(0, 1), 1);
    private static readonly TopicIdPartition Two = new(new Uuid(0, 1), 2);

    [Fact]
    public void Update_AddsAndForgets()
    {
        ShareSession session = new("m", 1, [Zero, One]);

        session.Update([Two, Zero], [One]);

        Assert.Equal([Zero, Two], session.Partitions);
    }

    [Fact]
    public void MustAnswer_OnlyWhatChanged()
    {
        ShareSession session = new("m", 1, [Zero]);
        session.Update([One], []);

        Assert.False(session.MustAnswer(Zero, hasRecords: false, hasError: false));
        Assert.True(session.MustAnswer(One, hasRecords: false, hasError: false));
        Assert.False(session.MustAnswer(One, hasRecords: false, hasError: false));
    }

    [Fact]
    public void MustAnswer_AfterAnError_TellsThatItIsOver()
    {
        ShareSession session = new("m", 1, [Zero]);

        Assert.True(session.MustAnswer(Zero, hasRecords: false, hasError: true));
        Assert.True(session.MustAnswer(Zero, hasRecords: false, hasError: false));
        Assert.False(session.MustAnswer(Zero, hasRecords: false, hasError: false));
    }

    [Fact]
    public void MustAnswer_WithRecords_PutsThePartitionLast()
    {
        ShareSession session = new("m", 1, [Zero, One, Two]);

        session.MustAnswer(Zero, hasRecords: true, hasError: false);

        Assert.Equal([One, Two, Zero], session.Partitions);
    }

    [Fact]
    public void Table_Full_TakesNoMoreUntilOneLeaves()
    {
        ShareSessionTable table = new(1);

        Assert.True(table.TryEnter());
        Assert.False(table.TryEnter());
        table.Leave();
        Assert.True(table.TryEnter());
        Assert.Equal(1, table.Count);
    }
}
