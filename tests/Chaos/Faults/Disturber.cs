using KRaftSharp.Chaos.Cluster;

namespace KRaftSharp.Chaos.Faults;

/// <summary>Strikes one fault after the other, sometimes two at once, as a seed says; waits for the cluster in between.
/// </summary>
internal sealed class Disturber(ChaosCluster cluster, ChaosOptions options, Action<string> say)
{
    private const long DayAheadSeconds = 86_400;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private readonly Random _chance = new((int)(options.Seed ^ (options.Seed >> 32)));
    private readonly List<FaultRecord> _struck = [];

    public IReadOnlyList<FaultRecord> Struck => _struck;

    /// <summary>Why a kind is not struck here; null when it is.</summary>
    public string? WhyNot(FaultKind kind) => kind switch
    {
        FaultKind.DiskFull when cluster.Nodes.Any(node => !node.HasOwnDisk) =>
            "no small file system can be mounted here",
        FaultKind.ClockJump when !cluster.HasTimeNamespaces => "time namespaces are not permitted here",
        _ => Network(kind) is { } fault ? cluster.Place.WhyNot(fault) : null,
    };

    public async Task RunAsync(TimeSpan time, CancellationToken cancellation)
    {
        FaultKind[] kinds = [.. Enum.GetValues<FaultKind>().Where(kind => WhyNot(kind) is null)];
        // Each kind once in an order of the seed's, then as they come.
        Queue<FaultKind> next = new(kinds.OrderBy(_ => _chance.Next()));
        long endMs = cluster.NowMs + (long)time.TotalMilliseconds;
        while (cluster.NowMs < endMs)
        {
            FaultKind kind = next.TryDequeue(out FaultKind first) ? first : kinds[_chance.Next(kinds.Length)];
            int node = 1 + _chance.Next(cluster.Nodes.Count);
            Task struck = StrikeAsync(kind, node, cancellation);
            if (kind != FaultKind.KillAll && _chance.Next(4) == 0)
            {
                await Task.Delay(_chance.Next(200, 1500), cancellation);
                await Task.WhenAll(struck, StrikeAsync(FaultKind.Kill, 1 + (node % cluster.Nodes.Count), cancellation));
            }

            await struck;
            await cluster.WaitUntilWholeAsync(cancellation);
            await Task.Delay(_chance.Next(500, 2500), cancellation);
        }
    }

    /// <summary>Every node in turn, as an operator does it: the next one when all is well again.</summary>
    public async Task RollAsync(TimeSpan time, CancellationToken cancellation)
    {
        long endMs = cluster.NowMs + (long)time.TotalMilliseconds;
        do
        {
            foreach (ChaosNode node in cluster.Nodes)
            {
                await StrikeAsync(FaultKind.Restart, node.Id, cancellation);
                await cluster.WaitUntilWholeAsync(cancellation);
            }
        }
        while (cluster.NowMs < endMs);
    }

    private async Task StrikeAsync(FaultKind kind, int id, CancellationToken cancellation)
    {
        ChaosNode node = cluster.Nodes[id - 1];
        int peer = kind is FaultKind.PartialPartition or FaultKind.OneWayPartition
            ? 1 + (id % cluster.Nodes.Count)
            : 0;
        long fromMs = cluster.NowMs;
        say($"{kind} of node {id}{(peer == 0 ? "" : $" and node {peer}")}");
        switch (kind)
        {
            case FaultKind.Kill:
                node.Kill();
                await PauseAsync(0, 6000, cancellation);
                node.Start();
                break;
            case FaultKind.KillAll:
                cluster.Nodes.ToList().ForEach(one => one.Kill());
                await PauseAsync(0, 2000, cancellation);
                cluster.Nodes.ToList().ForEach(one => one.Start());
                break;
            case FaultKind.Pause:
                node.Pause();
                await PauseAsync(3000, 14_000, cancellation);
                node.Continue();
                break;
            case FaultKind.Restart:
                await RestartAsync(node, 0);
                break;
            case FaultKind.ClockJump:
                await RestartAsync(node, DayAheadSeconds * _chance.Next(1, 30));
                break;
            case FaultKind.DiskFull:
                await FillAsync(node, cancellation);
                break;
            default:
                NetworkFault fault = Network(kind)!.Value;
                cluster.Place.Disturb(fault, id, peer);
                await PauseAsync(3000, 14_000, cancellation);
                cluster.Place.Heal(fault, id, peer);
                break;
        }

        _struck.Add(new FaultRecord(kind, kind == FaultKind.KillAll ? 0 : id, peer, fromMs, cluster.NowMs));
    }

    private async Task RestartAsync(ChaosNode node, long clockAheadSeconds)
    {
        if (!await Task.Run(() => node.Stop(StopLimit)))
        {
            cluster.Complaints.Add($"node {node.Id} did not stop within {StopLimit.TotalSeconds} s");
            node.Kill();
        }

        node.Start(clockAheadSeconds);
    }

    private async Task FillAsync(ChaosNode node, CancellationToken cancellation)
    {
        await Task.Run(node.FillDisk, cancellation);
        await PauseAsync(3000, 8000, cancellation);
        node.FreeDisk();
        // Its only disk failed: as Kafka's, it stops, and is started anew by whoever watches it.
        node.Kill();
        node.Start();
    }

    private Task PauseAsync(int leastMs, int mostMs, CancellationToken cancellation) =>
        Task.Delay(_chance.Next(leastMs, mostMs), cancellation);

    private static NetworkFault? Network(FaultKind kind) => kind switch
    {
        FaultKind.Isolation => NetworkFault.Isolation,
        FaultKind.PartialPartition => NetworkFault.Partial,
        FaultKind.OneWayPartition => NetworkFault.OneWay,
        FaultKind.NarrowLink => NetworkFault.Narrow,
        FaultKind.Loss => NetworkFault.Loss,
        FaultKind.Delay => NetworkFault.Delay,
        _ => null,
    };
}
