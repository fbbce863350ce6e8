using FsCheck;
using FsCheck.Fluent;
using KRaftSharp.Tests.Unit.Controller;

namespace KRaftSharp.Tests.Property.Controller;

/// <summary>The Controller and metadata invariants over random histories of requests, failures and elections.</summary>
public sealed class ControllerInvariantTests
{
    private const int Histories = 300;

    /// <summary>Each step is one random number; ControllerHistory makes an action of it.</summary>
    [Fact]
    public void ControllerAndMetadata_AnyHistory_HoldsTheInvariants()
    {
        Arbitrary<int[]> steps = Gen.Choose(0, int.MaxValue - 1).ArrayOf(60).ToArbitrary();
        Prop.ForAll(steps, history => new ControllerHistory(history).Run())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Histories));
    }

    [Fact]
    public void Checker_LeaderOutsideTheIsr_IsFound()
    {
        ControllerBench bench = ControllerBench.WithBrokers(2);
        bench.CreateTopicOn("t", 0, 1);
        MetadataRules rules = new();
        rules.Check(bench.Image);
        bench.Quorum.Lose();
        bench.Quorum.AppendByOther(new KRaftSharp.Protocol.Messages.PartitionChangeRecord
        {
            TopicId = bench.Image.Topics.ByName["t"],
            PartitionId = 0,
            Isr = [1],
        });

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => rules.Check(bench.Image));
    }
}
