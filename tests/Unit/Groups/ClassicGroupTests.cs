using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Classic;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Unit.Groups;

/// <summary>What a classic group lets its members do.</summary>
public sealed class ClassicGroupTests
{
    [Fact]
    public void SelectProtocol_OneFavouriteOfMost_IsItIfAllHaveIt()
    {
        ClassicGroup group = new("g", 0);
        group.Add(Member("a", "range", "sticky"));
        group.Add(Member("b", "sticky", "range"));
        group.Add(Member("c", "other", "sticky", "range"));

        Assert.Equal("sticky", group.SelectProtocol());
    }

    [Fact]
    public void Supports_NothingInCommon_IsFalse()
    {
        ClassicGroup group = Stable(Member("a", "range"));

        Assert.False(group.Supports("consumer", [new ClassicProtocol("sticky", default)]));
        Assert.False(group.Supports("connect", [new ClassicProtocol("range", default)]));
        Assert.True(group.Supports("consumer", [new ClassicProtocol("range", default)]));
    }

    /// <summary>What all have in common follows those who come, go and offer something else.</summary>
    [Fact]
    public void Supports_MembersComeGoAndOfferOthers_IsWhatAllCanDo()
    {
        ClassicMember first = Member("a", "range", "sticky");
        ClassicMember second = Member("b", "sticky");
        ClassicGroup group = Stable(first);
        Assert.True(group.Supports("consumer", [new ClassicProtocol("range", default)]));

        group.Add(second);
        Assert.False(group.Supports("consumer", [new ClassicProtocol("range", default)]));
        group.Offer(second, [new ClassicProtocol("range", default)]);
        Assert.True(group.Supports("consumer", [new ClassicProtocol("range", default)]));
        Assert.False(group.Supports("consumer", [new ClassicProtocol("sticky", default)]));
        group.Remove("b");
        Assert.True(group.Supports("consumer", [new ClassicProtocol("sticky", default)]));
    }

    [Fact]
    public void HaveAllJoined_CountsWhoWaits()
    {
        ClassicMember first = Member("a", "range");
        ClassicMember second = Member("b", "range");
        ClassicGroup group = Stable(first);
        group.Add(second);
        Assert.Equal((0, false), (group.AwaitingJoinCount, group.HaveAllJoined));

        first.Join = new Reply<JoinGroupResponse>();
        first.Join = new Reply<JoinGroupResponse>();
        Assert.Equal((1, false), (group.AwaitingJoinCount, group.HaveAllJoined));
        group.Remove("b");
        Assert.True(group.HaveAllJoined);
        second.Join = new Reply<JoinGroupResponse>();
        group.Add(second);
        Assert.Equal((2, true), (group.AwaitingJoinCount, group.HaveAllJoined));
        first.Join = null;
        Assert.Equal((1, false), (group.AwaitingJoinCount, group.HaveAllJoined));
    }

    [Theory]
    [InlineData("a", 1, ErrorCode.None)]
    [InlineData("a", 0, ErrorCode.IllegalGeneration)]
    [InlineData("a", 2, ErrorCode.IllegalGeneration)]
    [InlineData("b", 1, ErrorCode.UnknownMemberId)]
    [InlineData("", -1, ErrorCode.UnknownMemberId)]
    public void CheckCommit_StaleOrForeign_IsRefused(string memberId, int generation, ErrorCode expected)
    {
        ClassicGroup group = Stable(Member("a", "range"));

        Assert.Equal(expected, group.CheckCommit(new CommitOrigin(memberId, null, generation, false, 10)));
    }

    [Fact]
    public void CheckMember_StaticIdOfAnother_IsFenced()
    {
        ClassicGroup group = new("g", 0);
        ClassicMember old = new("old", "i1", "client", "/host") { ProtocolType = "consumer" };
        ClassicMember now = new("new", "i1", "client", "/host") { ProtocolType = "consumer" };
        group.Add(old);

        group.Replace(old, now);

        Assert.Equal(ErrorCode.FencedInstanceId, group.CheckMember("old", "i1"));
        Assert.Equal(ErrorCode.None, group.CheckMember("new", "i1"));
        Assert.Equal("new", group.LeaderId);
    }

    [Fact]
    public void Record_OfAStableGroup_IsReadBack()
    {
        ClassicGroup group = Stable(Member("a", "range"));

        ClassicGroup again = ClassicGroup.From("g", (GroupMetadataValue)group.Record().Value!);

        Assert.Equal(ClassicState.Stable, again.State);
        Assert.Equal(1, again.Generation);
        Assert.Equal("range", again.ProtocolName);
        Assert.Equal("a", again.LeaderId);
        Assert.Equal("a", Assert.Single(again.Members).Id);
    }

    private static ClassicGroup Stable(ClassicMember member)
    {
        ClassicGroup group = new("g", 0);
        group.Become(ClassicState.PreparingRebalance, 0);
        group.Add(member);
        group.NextGeneration(0);
        group.Become(ClassicState.Stable, 0);
        return group;
    }

    private static ClassicMember Member(string id, params string[] protocols) => new(id, null, "client", "/host")
    {
        ProtocolType = "consumer",
        SessionTimeoutMs = 10_000,
        RebalanceTimeoutMs = 10_000,
        Protocols = [.. protocols.Select(name => new ClassicProtocol(name, default))],
    };
}
