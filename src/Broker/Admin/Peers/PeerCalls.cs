using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Admin.Kafka;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Peers;

/// <summary>Asks the admin endpoints of the other nodes for what only they know, so that any node can show all.
/// </summary>
internal sealed class PeerCalls(AdminServices services, AdminOptions options) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan ChangePatience = TimeSpan.FromSeconds(10);

    private readonly Lazy<HttpClient> _http = new(() => NewClient(options));
    private readonly Dictionary<int, (long Epoch, string? Address)> _addresses = [];

    private int Self => services.Node.Config.NodeId;

    /// <summary>What each broker says, this one first; those that do not answer in time are left out.</summary>
    /// <param name="path">Of the other nodes' endpoints.</param>
    public async Task<IReadOnlyList<T>> AskAllAsync<T>(string path, Func<T> own, JsonTypeInfo<T> type)
        where T : class
    {
        // A fenced broker may be well and only be kept out of service; where it listens must be known already.
        IEnumerable<Task<T?>> asking = services.Image.Cluster.Brokers.Values
            .Where(broker => broker.Id != Self && (!broker.IsFenced || IsKnown(broker.Id)))
            .Select(broker => TryGetAsync(broker.Id, path, type));
        List<T?> others = [.. await Task.WhenAll(asking)];
        return [own(), .. others.OfType<T>()];
    }

    /// <summary>What one other node says; null where it does not answer in time.</summary>
    public async Task<T?> TryGetAsync<T>(int broker, string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (await AddressOfAsync(broker) is not { } address)
            {
                return null;
            }

            using CancellationTokenSource patience = new(Patience, services.Time);
            return JsonSerializer.Deserialize(
                await _http.Value.GetByteArrayAsync(new Uri(address + path), patience.Token), type);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException
            or UriFormatException)
        {
            return null;
        }
    }

    /// <summary>Has another node do what only it can do to itself.</summary>
    /// <exception cref="AdminProblem">It cannot be reached, or refuses.</exception>
    public async Task<T> PostAsync<T>(int broker, string path, JsonTypeInfo<T> type)
    {
        string address = await AddressOfAsync(broker)
            ?? throw AdminProblem.Of(ErrorCode.BrokerNotAvailable, $"Broker {broker} has no admin endpoint");
        try
        {
            using CancellationTokenSource patience = new(ChangePatience, services.Time);
            using HttpResponseMessage response = await _http.Value.PostAsync(
                new Uri(address + path), null, patience.Token);
            byte[] body = await response.Content.ReadAsByteArrayAsync(patience.Token);
            if (response.IsSuccessStatusCode)
            {
                return JsonSerializer.Deserialize(body, type)!;
            }

            ErrorBody refusal = JsonSerializer.Deserialize(body, AdminJson.Default.ErrorBody)!;
            throw new AdminProblem((int)response.StatusCode, refusal.ErrorCode, refusal.Message);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException
            or UriFormatException)
        {
            throw AdminProblem.Of(ErrorCode.NetworkException, $"The admin endpoint of broker {broker} does not answer");
        }
    }

    /// <summary>Where a broker's admin endpoint listens; null where it has none that can be told.</summary>
    public async Task<string?> AddressOfAsync(int broker)
    {
        long epoch = services.Image.Cluster.Broker(broker)?.Epoch ?? -1;
        lock (_addresses)
        {
            if (_addresses.TryGetValue(broker, out (long Epoch, string? Address) known)
                && (known.Epoch == epoch || !services.Image.Cluster.IsActive(broker)))
            {
                return known.Address;
            }
        }

        string[] keys = [OwnConfigs.AdminAdvertised, OwnConfigs.AdminListeners];
        IReadOnlyList<DescribedConfig> configs;
        try
        {
            configs = await services.Configs.DescribeAsync(ConfigResourceType.Broker, $"{broker}", keys);
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

    private bool IsKnown(int broker)
    {
        lock (_addresses)
        {
            return _addresses.ContainsKey(broker);
        }
    }

    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }
    }

    private static HttpClient NewClient(AdminOptions options)
    {
        HttpClient http = new(PeerTls.NewHandler(options)) { Timeout = Timeout.InfiniteTimeSpan };
        // Nodes of a cluster share their tokens. The caller has been checked: this is the node's own call.
        string? token = options.Tokens.OrderByDescending(entry => entry.Value).Select(entry => entry.Key)
            .FirstOrDefault();
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return http;
    }
}
