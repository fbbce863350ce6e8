using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Config;

/// <summary>A node's configuration: Kafka's keys, defaults and units, typed.</summary>
public sealed class NodeConfig
{
    private const string DefaultListener = "PLAINTEXT";

    private readonly Dictionary<string, string> _properties;

    private NodeConfig(Dictionary<string, string> properties, IReadOnlyList<string> unknownKeys)
    {
        _properties = properties;
        UnknownKeys = unknownKeys;
        IReadOnlyList<string> roles = GetList("process.roles");
        IsController = roles.Contains("controller");
        IsBroker = roles.Contains("broker");
        NodeId = GetInt("node.id");
        ControllerListenerNames = [.. GetList("controller.listener.names").Select(name => name.ToUpperInvariant())];
        Listeners = [.. GetList("listeners").Select(text => ListenerAddress.Parse("listeners", text))];
        AdvertisedListeners = Advertise();
        InterBrokerListener = ChooseInterBrokerListener();
        Voters = [.. GetList("controller.quorum.voters").Select(ParseVoter)];
        BootstrapServers = [.. GetList("controller.quorum.bootstrap.servers").Select(ParseBootstrapServer)];
        LogDirectories = IsSet("log.dirs") ? GetList("log.dirs") : [GetString("log.dir") ?? "/tmp/kafka-logs"];
        MetadataDirectory = GetString("metadata.log.dir") ?? LogDirectories[0];
    }

    /// <summary>The keys that were set, as text.</summary>
    public IReadOnlyDictionary<string, string> Properties => _properties;

    /// <summary>Keys that were set and that nobody knows; worth a warning.</summary>
    public IReadOnlyList<string> UnknownKeys { get; }

    public int NodeId { get; }

    public bool IsController { get; }

    public bool IsBroker { get; }

    public IReadOnlyList<ListenerAddress> Listeners { get; }

    /// <summary>What brokers and controllers register: no empty host among them.</summary>
    public IReadOnlyList<ListenerAddress> AdvertisedListeners { get; }

    public IReadOnlyList<string> ControllerListenerNames { get; }

    /// <summary>The listener that brokers use among themselves.</summary>
    public string InterBrokerListener { get; }

    /// <summary>controller.quorum.voters: static voters; empty where the metadata log names them (KIP-853).</summary>
    public IReadOnlyList<PeerEndpoint> Voters { get; }

    /// <summary>controller.quorum.bootstrap.servers, without ids.</summary>
    public IReadOnlyList<PeerEndpoint> BootstrapServers { get; }

    public IReadOnlyList<string> LogDirectories { get; }

    public string MetadataDirectory { get; }

    public string? Rack => GetString("broker.rack");

    /// <summary>Reads and checks everything.</summary>
    /// <exception cref="NodeConfigException">A value is wrong, or the node could not run with it.</exception>
    public static NodeConfig Parse(IEnumerable<KeyValuePair<string, string>> properties)
    {
        Dictionary<string, string> known = new(StringComparer.Ordinal);
        List<string> unknown = [];
        foreach ((string key, string value) in properties)
        {
            if (Declared(key) is { } declared)
            {
                if (declared.Check(value) is { } error)
                {
                    string allowed = declared.Validator is { } validator ? $" (allowed: {validator.Describe()})" : "";
                    throw new NodeConfigException(error + allowed);
                }

                known[key] = value.Trim();
            }
            else if (key.StartsWith("listener.name.", StringComparison.Ordinal))
            {
                known[key] = value.Trim();
            }
            else
            {
                unknown.Add(key);
            }
        }

        foreach ((string key, string other) in new[] { ("node.id", "broker.id"), ("broker.id", "node.id") })
        {
            // Two names of one thing: Kafka shows both as set.
            if (known.TryGetValue(key, out string? id))
            {
                known.TryAdd(other, id);
            }
        }

        NodeConfig config = new(known, unknown);
        NodeConfigRules.Check(config);
        return config;
    }

    public bool IsSet(string key) => _properties.ContainsKey(key);

    public bool IsControllerListener(string name) => ControllerListenerNames.Contains(name);

    public string? GetString(string key) => Get<object>(key)?.ToString();

    public int GetInt(string key) => (int)GetLong(key);

    public long GetLong(string key) => Get<object>(key) is { } value
        ? Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)
        : throw new NodeConfigException($"{key} must be set");

    /// <summary>The number of a key that may be without one.</summary>
    public long? TryGetLong(string key) => Get<object>(key) is { } value
        ? Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)
        : null;

    public bool GetBool(string key) => Get<object>(key) is true;

    public IReadOnlyList<string> GetList(string key) => Get<IReadOnlyList<string>>(key) ?? [];

    private T? Get<T>(string key)
        where T : class
    {
        ConfigKey declared = Declared(key) ?? throw new ArgumentException($"There is no config {key}", nameof(key));
        string? text = _properties.GetValueOrDefault(key) ?? declared.Default;
        return ConfigValue.TryParse(declared, text, out object? value, out _) ? value as T : null;
    }

    private static ConfigKey? Declared(string key) =>
        BrokerConfigs.All.TryGet(key, out ConfigKey? declared) || OwnConfigs.All.TryGet(key, out declared)
            ? declared
            : null;

    private List<ListenerAddress> Advertise()
    {
        List<ListenerAddress> advertised =
            [.. GetList("advertised.listeners").Select(text => ListenerAddress.Parse("advertised.listeners", text))];
        foreach (ListenerAddress listener in Listeners)
        {
            if (advertised.TrueForAll(other => other.Name != listener.Name)
                && (advertised.Count == 0 || IsControllerListener(listener.Name) || !IsSet("advertised.listeners")))
            {
                string host = listener.Host is "" or "0.0.0.0" or "::" ? Environment.MachineName : listener.Host;
                advertised.Add(listener with { Host = host });
            }
        }

        return advertised;
    }

    private string ChooseInterBrokerListener()
    {
        if (GetString("inter.broker.listener.name") is { } named)
        {
            return named.ToUpperInvariant();
        }

        string protocol = GetString("security.inter.broker.protocol") ?? DefaultListener;
        return Listeners.Any(listener => listener.Name == protocol) || !IsBroker
            ? protocol
            : Listeners.FirstOrDefault(listener => !IsControllerListener(listener.Name))?.Name ?? protocol;
    }

    /// <summary>id@host:port</summary>
    private static PeerEndpoint ParseVoter(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        int colon = text.LastIndexOf(':');
        return at > 0 && colon > at && int.TryParse(text.AsSpan(0, at), out int id)
            && int.TryParse(text.AsSpan(colon + 1), out int port)
            ? new PeerEndpoint(id, text[(at + 1)..colon].Trim('[', ']'), port)
            : throw new NodeConfigException(
                $"Invalid value {text} for configuration controller.quorum.voters: it must be id@host:port");
    }

    /// <summary>host:port</summary>
    private static PeerEndpoint ParseBootstrapServer(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), out ushort port)
            ? new PeerEndpoint(-1, text[..colon].Trim('[', ']'), port)
            : throw new NodeConfigException(
                $"Invalid value {text} for configuration controller.quorum.bootstrap.servers: it must be host:port");
    }
}
