namespace KRaftSharp.Tests.Property.Replication;

/// <summary>The Partition section of INVARIANTS.md, on real brokers' replication under a model controller.</summary>
public sealed class ReplicationTests
{
    private const int Duration = 6000;
    private const int Faults = 8;

    [Fact]
    public void Replicas_WithoutFaults_AgreeAndAcknowledge()
    {
        var run = new ReplicationRun(seed: 1);

        run.Execute(durationMs: 1500, faultCount: 0);

        Assert.Empty(run.World.Violations.Found);
        Assert.True(run.AcknowledgedCount > 100, $"only {run.AcknowledgedCount} records were acknowledged");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Replicas_UnderFaults_LoseNothingAcknowledged(int group)
    {
        for (ulong seed = (ulong)group * 25; seed < (ulong)(group + 1) * 25; seed++)
        {
            var run = new ReplicationRun(seed);

            run.Execute(Duration, Faults);

            Assert.True(run.World.Violations.Found.Count == 0, run.World.Violations.Found.Count == 0 ? "" : Tell(seed));
        }
    }

    /// <summary>Runs it again, with everything that the nodes log.</summary>
    private static string Tell(ulong seed)
    {
        var run = new ReplicationRun(seed, isVerbose: true);
        run.Execute(Duration, Faults);
        return $"seed {seed}: {run.World.Violations.Found[0]}{Environment.NewLine}{run.World.Trace.Tail(120)}";
    }
}
