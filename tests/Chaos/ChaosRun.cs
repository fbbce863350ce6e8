using System.Globalization;
using System.Text;
using KRaftSharp.Chaos.Cluster;
using KRaftSharp.Chaos.Faults;
using KRaftSharp.Chaos.Load;
using KRaftSharp.Chaos.Report;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Consumer;
using KRaftSharp.History;

namespace KRaftSharp.Chaos;

/// <summary>One run: a cluster, clients at work, faults; then quiet, a last reading, and the history checker's verdict.
/// </summary>
internal sealed class ChaosRun(ChaosOptions options)
{
    private const string Topic = "chaos";
    private const int Partitions = 6;
    private const string OwnGroup = "chaos-own";
    private const string LibrdkafkaGroup = "chaos-librdkafka";
    private const int MostShown = 20;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromSeconds(60);
    private readonly OperationHistory _history = new();
    private readonly LoadStats _stats = new();
    private readonly List<string> _story = [];

    /// <returns>0 when all promises were kept, 1 when one was broken.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(options.Report);
        await using ChaosCluster cluster = new(options);
        Say($"seed {options.Seed}; {cluster.Place.Description}");
        await cluster.StartAsync(cancellation);
        await using (KafkaAdmin admin = KafkaAdmin.Create(new AdminOptions { BootstrapServers = cluster.Bootstrap }))
        {
            await admin.Topics.CreateAsync(
                new NewTopic(Topic) { Partitions = Partitions, ReplicationFactor = 3 },
                cancellation: cancellation);
        }

        Disturber disturber = new(cluster, options, what => Say($"{cluster.NowMs / 1000.0,7:F1} s  {what}"));
        Sampler sampler = new(cluster, Topic, _stats);
        using CancellationTokenSource noMoreSends = new();
        using CancellationTokenSource noMoreReads = new();
        Task sampling = sampler.RunAsync(noMoreReads.Token);
        Task[] producers = Producers(cluster.Bootstrap, noMoreSends.Token);
        Task[] consumers = Consumers(cluster.Bootstrap, noMoreReads.Token);
        await Task.Delay(WarmUp, cancellation);
        TimeSpan time = TimeSpan.FromMinutes(options.Minutes);
        await (options.IsRolling ? disturber.RollAsync(time, cancellation) : disturber.RunAsync(time, cancellation));
        await cluster.WaitUntilWholeAsync(cancellation);
        await Task.Delay(WarmUp, cancellation);
        await noMoreSends.CancelAsync();
        await Task.WhenAll(producers);
        await CatchUpAsync(cancellation);
        await noMoreReads.CancelAsync();
        await Task.WhenAll([sampling, .. consumers]);
        long records = await FinalReader.ReadAsync(cluster.Bootstrap, Topic, Partitions, _history);
        await FinalReader.TakeCommittedAsync(cluster.Bootstrap, OwnGroup, Topic, Partitions, _history);
        List<string> broken = await JudgeAsync(cluster, cancellation);
        string summary = Summary(cluster, disturber, records, broken);
        File.WriteAllText(Path.Combine(options.Report, "summary.txt"), summary);
        File.WriteAllLines(Path.Combine(options.Report, "violations.txt"), broken);
        File.WriteAllText(
            Path.Combine(options.Report, "timeline.svg"),
            new Timeline(sampler.Samples, disturber.Struck, cluster.Nodes.Count, cluster.NowMs).Draw(
                $"{(options.IsRolling ? "rolling restart" : "chaos")}, seed {options.Seed}: "
                + $"{disturber.Struck.Count} faults, {_stats.Acknowledged} records, {broken.Count} violations"));
        Console.WriteLine(summary);
        return broken.Count == 0 ? 0 : 1;
    }

    private Task[] Producers(string bootstrap, CancellationToken stop) =>
    [
        .. Enumerable.Range(1, 2).Select(i => Task.Run(
            () => new OwnProducer($"own{i}", bootstrap, Topic, Partitions, _history, _stats)
                .RunAsync(options.Rate, stop), CancellationToken.None)),
        Task.Run(
            () => new LibrdkafkaProducer("librdkafka1", bootstrap, Topic, Partitions, _history, _stats)
                .RunAsync(options.Rate, stop), CancellationToken.None),
    ];

    private Task[] Consumers(string bootstrap, CancellationToken stop) =>
    [
        .. Enumerable.Range(1, 2).Select(i => Task.Run(
            () => new OwnConsumer(
                $"own-member{i}", OwnGroup, GroupProtocol.Consumer, bootstrap, Topic,
                _history, _stats).RunAsync(stop), CancellationToken.None)),
        Task.Factory.StartNew(
            () => new LibrdkafkaConsumer("librdkafka-member", LibrdkafkaGroup, bootstrap, Topic, _history, _stats)
                .Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
    ];

    /// <summary>Until both groups have been given everything, or as long as that may take.</summary>
    private async Task CatchUpAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(CatchUpLimit);
        while (_stats.Read < 2 * _stats.Acknowledged && !limit.IsCancellationRequested)
        {
            await Task.Delay(200, CancellationToken.None);
        }
    }

    private async Task<List<string>> JudgeAsync(ChaosCluster cluster, CancellationToken cancellation)
    {
        List<string> broken = [.. HistoryChecker.Check(_history).Select(anomaly => anomaly.ToString()!)];
        broken.AddRange(cluster.Complaints);
        if (_stats.Read < 2 * _stats.Acknowledged)
        {
            broken.Add($"the groups were given {_stats.Read} records, at least {2 * _stats.Acknowledged} are there");
        }

        if (options.IsRolling)
        {
            broken.AddRange(_stats.Errors.Select(error => "a client saw an error: " + error));
        }

        broken.AddRange(await cluster.BrokenInvariantsAsync(cancellation));
        foreach (ChaosNode node in cluster.Nodes)
        {
            broken.AddRange(File.ReadLines(node.LogFile)
                .Where(line => line.Contains("Invariant broken", StringComparison.Ordinal))
                .Select(line => $"node {node.Id}: {line}"));
        }

        return broken;
    }

    private string Summary(ChaosCluster cluster, Disturber disturber, long records, List<string> broken)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {options.Seed}, {cluster.NowMs / 1000.0:F0} s");
        text.AppendLine($"nodes in: {cluster.Place.Description}");
        text.AppendLine("faults struck:");
        foreach (FaultKind kind in options.IsRolling ? [FaultKind.Restart] : Enum.GetValues<FaultKind>())
        {
            int count = disturber.Struck.Count(fault => fault.Kind == kind);
            string note = disturber.WhyNot(kind) is { } why ? $"not run: {why}" : $"{count}";
            text.AppendLine(CultureInfo.InvariantCulture, $"  {kind,-18} {note}");
        }

        int unknown = _history.Sent.Count(sent => sent.Outcome == History.Outcome.Unknown);
        text.AppendLine(CultureInfo.InvariantCulture,
            $"sent {_history.Sent.Count}, acknowledged {_stats.Acknowledged}, without an answer {unknown}; "
            + $"{records} records are there, {_stats.Read} were given to two groups");
        text.AppendLine(CultureInfo.InvariantCulture, $"errors that clients saw: {_stats.Errors.Count}");
        foreach (string error in _stats.Errors.Take(MostShown))
        {
            text.AppendLine("  " + error);
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"violations: {broken.Count}");
        foreach (string one in broken.Take(MostShown))
        {
            text.AppendLine("  " + one);
        }

        return text.ToString();
    }

    private void Say(string what)
    {
        _story.Add(what);
        Console.WriteLine(what);
        File.WriteAllLines(Path.Combine(options.Report, "story.txt"), _story);
    }
}
