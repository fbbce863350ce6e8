using System.Diagnostics;
using System.Globalization;
using KRaftSharp.Tests.Property.Simulation.Quorum;
using KRaftSharp.Tests.Property.Simulation.Runs;

namespace KRaftSharp.Tests.Property.Simulation.Tests;

/// <summary>The same seed gives the same trace hash, on every machine.</summary>
public sealed class TraceHashTests
{
    private const ulong Seed = 7;

    /// <summary>What <c>simulate.sh --only quorum --seed 7 --runs 1 --hashes</c> prints anywhere. A change of what the
    /// replica or the simulator does changes it: then, and only then, write the new one here.</summary>
    private const string QuorumHash = "ad0e80476fa4b3c9";

    [Fact]
    public void Quorum_OfAFixedSeed_HasTheHashThatItHasEverywhere()
    {
        QuorumSimulation simulation = new();
        RunResult result = simulation.Run(simulation.Draw(Seed), isVerbose: false);

        Assert.Equal(QuorumHash, result.TraceHash.ToString("x16", CultureInfo.InvariantCulture));
    }

    /// <summary>One process as it comes, and one on what looks like another machine: one processor, none of its
    /// vector instructions, another language and time zone, code compiled at once, and another garbage collector.
    /// </summary>
    [Theory]
    [InlineData("cluster")]
    [InlineData("coordinators")]
    [InlineData("consumers")]
    public void Simulation_OnAMachineOfAnotherKind_HasTheSameHash(string name)
    {
        string here = HashOf(name, []);
        string there = HashOf(name, new Dictionary<string, string>
        {
            ["DOTNET_PROCESSOR_COUNT"] = "1",
            ["DOTNET_EnableHWIntrinsic"] = "0",
            ["DOTNET_TieredCompilation"] = "0",
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_gcConcurrent"] = "0",
            ["LC_ALL"] = "tr_TR.UTF-8",
            ["TZ"] = "Asia/Kathmandu",
        });

        Assert.Equal(here, there);
    }

    private static string HashOf(string name, Dictionary<string, string> environment)
    {
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                typeof(TraceHashTests).Assembly.Location, "--only", name,
                "--seed", $"{Seed}", "--runs", "1", "--hashes",
            },
        };
        foreach ((string key, string value) in environment)
        {
            start.Environment[key] = value;
        }

        using Process process = Process.Start(start)!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n');
        process.WaitForExit();
        return Assert.Single(lines, line => line.StartsWith($"{name} {Seed} ", StringComparison.Ordinal));
    }
}
