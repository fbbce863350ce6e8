using System.Net.Http.Headers;
using System.Text.Json;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Admin.Kafka;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Live;

/// <summary>Asks the admin endpoints of the other nodes for their samples, so that any node can show all.</summary>
internal sealed class PeerSamples : IDisposable
{
    private readonly AdminServices _services;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMilliseconds(800) };
    private readonly Dictionary<int, (long Epoch, string? Address)> _addresses = [];

    public PeerSamples(AdminServices services, AdminOptions options)
    {
        _services = services;
        // Nodes of a cluster share their tokens: a reader's is enough.
        string? token = options.Tokens.OrderBy(entry => entry.Value).Select(entry => entry.Key).FirstOrDefault();
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>What each other live broker says; those that do not answer in time are left out.</summary>
    public async Task<IReadOnlyList<NodeSample>> AskAsync()
    {
        IEnumerable<Task<NodeSample?>> asking = _services.Kafka.AliveBrokers
            .Where(id => id != _services.Node.Config.NodeId)
            .Select(AskAsync);
        return [.. (await Task.WhenAll(asking)).OfType<NodeSample>()];
    }

    /// <summary>Where a broker's admin endpoint listens; null where it has none that can be told.</summary>
    public async Task<string?> AddressOfAsync(int broker)
    {
        long epoch = _services.Image.Cluster.Broker(broker)?.Epoch ?? -1;
        lock (_addresses)
        {
            if (_addresses.TryGetValue(broker, out (long Epoch, string? Address) known) && known.Epoch == epoch)
            {
                return known.Address;
            }
        }

        string[] keys = [OwnConfigs.AdminAdvertised, OwnConfigs.AdminListeners];
        IReadOnlyList<DescribedConfig> configs;
        try
        {
            configs = await _services.Configs.DescribeAsync(ConfigResourceType.Broker, $"{broker}", keys);
        }
        catch (AdminProblem)
        {
            return null;
        }

        string? address = keys
            .Select(key => configs.FirstOrDefault(config => config.Name == key)?.Value)
            .FirstOrDefault(value => value is { Length: > 0 })?.Split(',')[0];
        lock (_addresses)
        {
            _addresses[broker] = (epoch, address);
        }

        return address;
    }

    public void Dispose() => _http.Dispose();

    private async Task<NodeSample?> AskAsync(int broker)
    {
        try
        {
            return await AddressOfAsync(broker) is { } address
                ? JsonSerializer.Deserialize(
                    await _http.GetByteArrayAsync(new Uri($"{address}/v1/node")), AdminJson.Default.NodeSample)
                : null;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or JsonException
            or UriFormatException)
        {
            return null;
        }
    }
}
