using System.CommandLine;

namespace KRaftSharp.Cli.Perf;

/// <summary><c>perf</c>: how fast a cluster takes records and gives them.</summary>
internal static class PerfCommand
{
    public static Command Create(ClusterOptions options)
    {
        Command perf = new("perf", "Measure throughput, latency and this process's CPU time a record")
        {
            PerfProduceCommand.Create(options),
            PerfConsumeCommand.Create(options),
            PerfEndToEndCommand.Create(options),
        };
        options.AddTo(perf);
        return perf;
    }
}
