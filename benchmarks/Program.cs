using System.Globalization;
using BenchmarkDotNet.Running;
using KRaftSharp.Benchmarks.Clients;
using KRaftSharp.Benchmarks.Partitions;

// "partitions [N]": a controller with so many partitions, step by step, without BenchmarkDotNet.
if (args is ["partitions", ..])
{
    const int Many = 100_000;
    await PartitionsBench.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : Many);
    return 0;
}

// "produce CLIENT ...": one run of one producer, for scripts/bench-client.sh.
if (args is ["produce", ..])
{
    return await ProduceRun.RunAsync(args[1..]);
}

// "soak SERVERS SECONDS FILE": producers and groups while somebody kills brokers, for scripts/client-soak.sh.
if (args is ["soak", ..])
{
    return await ClientSoak.RunAsync(args[1..]);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
