using BenchmarkDotNet.Attributes;

namespace KRaftSharp.Benchmarks.Quorum;

/// <summary>
/// From a record of 200 bytes to its commit, one at a time and many in flight, beside DotNext.Net.Cluster.
/// </summary>
/// <remarks>Ours answers once a majority has flushed; the other engine acknowledges before it flushes, so it is the
/// faster promise of the two that is measured there.</remarks>
public class QuorumBenchmarks
{
    private const int InFlight = 64;

    private string _directory = "";
    private IQuorumEngine _engine = null!;

    [Params("KRaftSharp", "DotNext")]
    public string Engine { get; set; } = "";

    [GlobalSetup]
    public async Task StartAsync()
    {
        _directory = Directory.CreateTempSubdirectory("kraftsharp-quorum-").FullName;
        _engine = Engine == "DotNext" ? new DotNextEngine() : new OwnEngine();
        await _engine.StartAsync(_directory);
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        await _engine.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Benchmark]
    public Task CommitOne() => _engine.CommitAsync();

    [Benchmark(OperationsPerInvoke = InFlight)]
    public Task CommitManyInFlight() =>
        Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => _engine.CommitAsync()));
}
