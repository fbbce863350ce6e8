using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Tests.Unit.Controller;

public sealed class BrokerLifecycleTests
{
    [Fact]
    public void Registration_FirstOfABroker_IsFencedWithItsOffsetAsEpoch()
    {
        ControllerBench bench = new();
        bench.Quorum.Lead();
        long offset = bench.Quorum.LogEndOffset;

        BrokerRegistrationResponse response = bench.RegisterBroker(0);

        Assert.Equal(ErrorCode.None, response.ErrorCode);
        Assert.Equal(offset, response.BrokerEpoch);
        BrokerRegistration broker = bench.Image.Cluster.Broker(0)!;
        Assert.True(broker.IsFenced);
        Assert.Equal("rack-0", broker.Rack);
        Assert.Equal(9000, broker.Listeners["PLAINTEXT"].Port);
    }

    [Fact]
    public void Registration_OtherClusterId_IsRefused()
    {
        ControllerBench bench = new();
        bench.Quorum.Lead();
        BrokerRegistrationRequest request = ControllerBench.Registration(0, 1);
        request.ClusterId = "another";

        Assert.Equal(
            ErrorCode.InconsistentClusterId, bench.Ask<BrokerRegistrationResponse>(request, 4).ErrorCode);
    }

    [Fact]
    public void Registration_WithoutAFinalizedFeature_IsRefused()
    {
        ControllerBench bench = new();
        bench.Quorum.Lead();
        BrokerRegistrationRequest request = ControllerBench.Registration(0, 1);
        request.Features.RemoveAll(feature => feature.Name == MetadataVersion.FeatureName);

        Assert.Equal(ErrorCode.UnsupportedVersion, bench.Ask<BrokerRegistrationResponse>(request, 4).ErrorCode);
    }

    [Fact]
    public void Registration_OldIncarnationIsAlive_IsADuplicate()
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);

        Assert.Equal(
            ErrorCode.DuplicateBrokerRegistration, bench.RegisterBroker(0, incarnation: 2, connection: 50).ErrorCode);
    }

    [Fact]
    public void Registration_OldIncarnationsConnectionIsGone_ReplacesItAtOnce()
    {
        ControllerBench bench = ControllerBench.WithBrokers(2);
        bench.CreateTopicOn("t", 0, 1);
        long before = bench.EpochOf(0);
        bench.Controller.ConnectionClosed(0);

        BrokerRegistrationResponse response = bench.RegisterBroker(0, incarnation: 2, connection: 50);

        Assert.Equal(ErrorCode.None, response.ErrorCode);
        Assert.True(response.BrokerEpoch > before);
        PartitionRegistration partition = bench.Image.Topics.Partition("t", 0)!;
        Assert.Equal([1], partition.Isr);
        Assert.Equal(1, partition.Leader);
    }

    [Fact]
    public void Registration_SameIncarnationAgain_KeepsEpochAndState()
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        long epoch = bench.EpochOf(0);

        Assert.Equal(epoch, bench.RegisterBroker(0).BrokerEpoch);
        Assert.False(bench.Image.Cluster.Broker(0)!.IsFenced);
    }

    [Fact]
    public void Heartbeat_NotCaughtUp_StaysFenced()
    {
        ControllerBench bench = new();
        bench.Quorum.Lead();
        bench.RegisterBroker(0);

        BrokerHeartbeatResponse response = bench.Heartbeat(0, offset: bench.EpochOf(0) - 1);

        Assert.True(response.IsFenced);
        Assert.False(response.IsCaughtUp);
        Assert.False(bench.Heartbeat(0).IsFenced);
    }

    [Fact]
    public void Heartbeat_OldEpoch_IsRefused()
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        BrokerHeartbeatRequest request = new() { BrokerId = 0, BrokerEpoch = bench.EpochOf(0) - 1 };

        Assert.Equal(ErrorCode.StaleBrokerEpoch, bench.Ask<BrokerHeartbeatResponse>(request).ErrorCode);
    }

    [Fact]
    public void Session_NoHeartbeatForItsTimeout_IsFencedAndLosesItsLeaders()
    {
        ControllerBench bench = ControllerBench.WithBrokers(2);
        bench.CreateTopicOn("t", 0, 1);

        bench.Time.Advance(8_999);
        bench.Heartbeat(1);
        Assert.False(bench.Image.Cluster.Broker(0)!.IsFenced);
        bench.Time.Advance(1);

        Assert.True(bench.Image.Cluster.Broker(0)!.IsFenced);
        Assert.False(bench.Image.Cluster.Broker(1)!.IsFenced);
        Assert.Equal(1, bench.Image.Topics.Partition("t", 0)!.Leader);
    }

    [Fact]
    public void Connection_BrokenAndItsListenerRefuses_IsFencedAtOnce()
    {
        ControllerBench bench = ControllerBench.WithBrokers(2);
        bench.CreateTopicOn("t", 0, 1);

        bench.Controller.ConnectionClosed(0);
        Assert.Equal(1, bench.Transport.Answer(0, RpcStatus.Refused));

        Assert.True(bench.Image.Cluster.Broker(0)!.IsFenced);
        Assert.Equal(1, bench.Image.Topics.Partition("t", 0)!.Leader);
        Assert.Equal(1, bench.Image.Topics.Partition("t", 0)!.LeaderEpoch);
    }

    [Fact]
    public void Connection_BrokenButItsListenerAnswers_IsNotFenced()
    {
        ControllerBench bench = ControllerBench.WithBrokers(2);

        bench.Controller.ConnectionClosed(0);
        Assert.Equal(1, bench.Transport.Answer(0, RpcStatus.Disconnected));
        bench.Time.Advance(20);
        Assert.Equal(1, bench.Transport.Answer(0, RpcStatus.Ok));

        Assert.False(bench.Image.Cluster.Broker(0)!.IsFenced);
    }

    [Fact]
    public void Connection_HeartbeatOnANewOneBeforeTheRefusal_IsNotFenced()
    {
        ControllerBench bench = ControllerBench.WithBrokers(2);

        bench.Controller.ConnectionClosed(0);
        bench.Heartbeat(0, connection: 60);
        bench.Transport.Answer(0, RpcStatus.Refused);

        Assert.False(bench.Image.Cluster.Broker(0)!.IsFenced);
    }

    [Fact]
    public void Activation_UnfencedBrokerRefuses_IsFencedAtOnce()
    {
        ControllerBench bench = ControllerBench.WithBrokers(2);
        bench.Quorum.Lose();
        bench.Quorum.Lead();

        Assert.Equal(1, bench.Transport.Answer(0, RpcStatus.Refused));

        Assert.True(bench.Image.Cluster.Broker(0)!.IsFenced);
        Assert.False(bench.Image.Cluster.Broker(1)!.IsFenced);
    }

    [Fact]
    public void ControlledShutdown_LeaderOfSomething_HandsOverThenGoes()
    {
        ControllerBench bench = ControllerBench.WithBrokers(2);
        bench.CreateTopicOn("t", 0, 1);

        BrokerHeartbeatResponse first = bench.Heartbeat(0, wantShutDown: true);
        Assert.False(first.ShouldShutDown);
        Assert.True(bench.Image.Cluster.Broker(0)!.InControlledShutdown);
        Assert.Equal(1, bench.Image.Topics.Partition("t", 0)!.Leader);
        Assert.False(bench.Heartbeat(0, wantShutDown: true).ShouldShutDown);

        bench.Heartbeat(1);
        BrokerHeartbeatResponse last = bench.Heartbeat(0, wantShutDown: true);

        Assert.True(last.ShouldShutDown);
        Assert.True(bench.Image.Cluster.Broker(0)!.IsFenced);
    }

    [Fact]
    public void Unregister_KnownAndUnknownBroker()
    {
        ControllerBench bench = ControllerBench.WithBrokers(2);

        Assert.Equal(
            ErrorCode.None,
            bench.Ask<UnregisterBrokerResponse>(new UnregisterBrokerRequest { BrokerId = 1 }).ErrorCode);
        UnregisterBrokerResponse again =
            bench.Ask<UnregisterBrokerResponse>(new UnregisterBrokerRequest { BrokerId = 1 });

        Assert.Null(bench.Image.Cluster.Broker(1));
        Assert.Equal(ErrorCode.BrokerIdNotRegistered, again.ErrorCode);
        Assert.Equal("Broker ID 1 is not currently registered", again.ErrorMessage);
    }

    [Fact]
    public void LastOfTheIsr_IsFenced_StaysEligible()
    {
        ControllerBench bench = ControllerBench.WithBrokers(2);
        bench.CreateTopicOn("t", 0, 1);
        bench.AlterIsr("t", 0, 0);

        bench.Heartbeat(0, wantFence: true);
        PartitionRegistration fenced = bench.Image.Topics.Partition("t", 0)!;
        Assert.Empty(fenced.Isr);
        Assert.Equal([0], fenced.Elr);
        Assert.Equal(PartitionRegistration.NoLeader, fenced.Leader);

        bench.Heartbeat(0);
        PartitionRegistration back = bench.Image.Topics.Partition("t", 0)!;
        Assert.Equal(0, back.Leader);
        Assert.Equal([0], back.Isr);
        Assert.Equal(fenced.LeaderEpoch + 1, back.LeaderEpoch);
    }

    [Fact]
    public void NoOpRecord_NothingHappens_IsWrittenEachInterval()
    {
        ControllerBench bench = new(settings => settings with { MaxIdleIntervalMs = 500 });
        bench.Quorum.Lead();
        long end = bench.Quorum.LogEndOffset;

        bench.Time.Advance(1_700);

        Assert.Equal(end + 3, bench.Quorum.LogEndOffset);
        Assert.IsType<NoOpRecord>(bench.Quorum.CommittedRecords.Last());
    }
}
