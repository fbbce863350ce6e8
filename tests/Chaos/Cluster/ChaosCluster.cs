using System.Diagnostics;
using System.Text.Json;
using KRaftSharp.Chaos.Report;

namespace KRaftSharp.Chaos.Cluster;

/// <summary>Three nodes, and what is seen of them from outside.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private const int Count = 3;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WholeLimit = TimeSpan.FromSeconds(60);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ChaosOptions _options;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };

    public ChaosCluster(ChaosOptions options)
    {
        _options = options;
        Place = (options.IsLoopback ? null : (IPlace?)Namespaces.TryMake(options.PortBase, Count))
            ?? new Loopback(options.PortBase);
        HasTimeNamespaces = Shell.Try("unshare", "--time", "--monotonic", "1", "--", "true");
        Nodes = [.. Enumerable.Range(1, Count).Select(id => new ChaosNode(id, Place, options))];
        string token = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Token = token;
    }

    public IPlace Place { get; }

    public IReadOnlyList<ChaosNode> Nodes { get; }

    public bool HasTimeNamespaces { get; }

    /// <summary>What went wrong beside the history: a cluster that did not come back.</summary>
    public List<string> Complaints { get; } = [];

    public long NowMs => _clock.ElapsedMilliseconds;

    public string Bootstrap => string.Join(',', Nodes.Select(node => node.Address));

    private string Token { get; }

    public async Task StartAsync(CancellationToken cancellation)
    {
        if (Directory.Exists(_options.Data))
        {
            throw new InvalidOperationException($"{_options.Data} exists: another run's data?");
        }

        Directory.CreateDirectory(_options.Data);
        string clusterId = Convert.ToBase64String(Guid.NewGuid().ToByteArray())[..22]
            .Replace('+', 'a').Replace('/', 'b');
        foreach (ChaosNode node in Nodes)
        {
            node.Prepare(Count, clusterId, Token);
        }

        foreach (ChaosNode node in Nodes)
        {
            node.Start();
        }

        if (!await WaitAsync(StartLimit, cancellation))
        {
            throw new InvalidOperationException($"the cluster did not start: see {Nodes[0].LogFile}");
        }
    }

    /// <summary>Until every broker is alive and every replica in sync. A node that has stopped is started again.
    /// </summary>
    public async Task WaitUntilWholeAsync(CancellationToken cancellation)
    {
        long fromMs = NowMs;
        if (!await WaitAsync(WholeLimit, cancellation))
        {
            Complaints.Add($"not whole again within {WholeLimit.TotalSeconds} s, since {fromMs / 1000.0:F1} s");
        }
    }

    /// <summary>What a node says of the cluster; null when it says nothing.</summary>
    public async Task<Overview?> OverviewAsync(ChaosNode node, CancellationToken cancellation)
    {
        try
        {
            await using Stream body = await _http.GetStreamAsync(
                new Uri(node.AdminUrl + "/v1/overview"), cancellation);
            using JsonDocument document = await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
            return Overview.Of(document.RootElement);
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or IOException
            || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>What the nodes say of their own invariants: those that do not hold.</summary>
    public async Task<IReadOnlyList<string>> BrokenInvariantsAsync(CancellationToken cancellation)
    {
        Uri address = new(Nodes[0].AdminUrl + "/v1/invariants");
        await using Stream body = await _http.GetStreamAsync(address, cancellation);
        using JsonDocument document = await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
        return
        [
            .. from node in document.RootElement.EnumerateArray()
               from invariant in node.GetProperty("invariants").EnumerateArray()
               where invariant.GetProperty("violations").GetArrayLength() > 0
               select $"node {node.GetProperty("node")}: {invariant}",
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Run(() =>
        {
            foreach (ChaosNode node in Nodes)
            {
                node.Remove(keepsData: false);
            }

            Place.Dispose();
            if (Directory.Exists(_options.Data))
            {
                Directory.Delete(_options.Data, recursive: true);
            }
        });
        _http.Dispose();
    }

    private async Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        long endMs = NowMs + (long)limit.TotalMilliseconds;
        while (NowMs < endMs)
        {
            foreach (ChaosNode node in Nodes.Where(node => !node.IsRunning))
            {
                node.Start();
            }

            Overview?[] seen = await Task.WhenAll(Nodes.Select(node => OverviewAsync(node, cancellation)));
            if (seen.All(one => one is { Alive: Count, UnderReplicated: 0, Offline: 0 }))
            {
                return true;
            }

            await Task.Delay(200, cancellation);
        }

        return false;
    }
}
