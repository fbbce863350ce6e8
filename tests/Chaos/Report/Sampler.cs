using KRaftSharp.Chaos.Cluster;
using KRaftSharp.Chaos.Load;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Metadata;

namespace KRaftSharp.Chaos.Report;

/// <summary>Looks at the cluster twice a second, through the admin endpoint and a metadata request.</summary>
internal sealed class Sampler(ChaosCluster cluster, string topic, LoadStats stats)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AskLimit = TimeSpan.FromMilliseconds(1500);
    private readonly List<Sample> _samples = [];
    private readonly Overview?[] _seen = new Overview?[cluster.Nodes.Count];
    private int _isr = -1;

    public IReadOnlyList<Sample> Samples => _samples;

    public async Task RunAsync(CancellationToken stop)
    {
        // Who does not answer must not hold up the clock of the others.
        Task[] watches =
        [
            .. cluster.Nodes.Select((node, i) => RepeatAsync(async () =>
                _seen[i] = await cluster.OverviewAsync(node, stop), stop)),
            WatchIsrsAsync(stop),
        ];
        await RepeatAsync(
            () =>
            {
                _samples.Add(Take());
                return Task.CompletedTask;
            },
            stop);
        await Task.WhenAll(watches);
    }

    private static async Task RepeatAsync(Func<Task> look, CancellationToken stop)
    {
        using PeriodicTimer timer = new(Period);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await look();
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task WatchIsrsAsync(CancellationToken stop)
    {
        await using KafkaAdmin admin = KafkaAdmin.Create(new AdminOptions
        {
            BootstrapServers = cluster.Bootstrap,
            ClientId = "sampler",
            ApiTimeout = AskLimit,
            RequestTimeout = AskLimit,
        });
        await RepeatAsync(
            async () =>
            {
                try
                {
                    TopicView view = await admin.Topics.DescribeAsync(topic, stop);
                    Volatile.Write(ref _isr, view.Partitions.Sum(partition => partition.Isr.Count));
                }
                catch (KafkaException)
                {
                    Volatile.Write(ref _isr, -1);
                }
            },
            stop);
    }

    private Sample Take()
    {
        // Who has heard of the latest epoch knows best.
        Overview? best = _seen.Where(one => one is not null).MaxBy(one => one!.Epoch);
        List<double> latencies = stats.TakeLatencies();
        latencies.Sort();
        return new Sample(
            cluster.NowMs, best?.Controller, best?.Epoch ?? 0, best?.UnderReplicated ?? -1, Volatile.Read(ref _isr),
            stats.Acknowledged, stats.Read, Percentile(latencies, 0.5), Percentile(latencies, 0.99))
        {
            Leads = best?.Leads ?? new Dictionary<int, int>(),
        };
    }

    private static double? Percentile(List<double> sorted, double share) =>
        sorted.Count == 0 ? null : sorted[(int)(share * (sorted.Count - 1))];
}
