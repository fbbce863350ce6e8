namespace KRaftSharp.Broker.Network;

/// <summary>What the handlers may know of a connection. Knows no socket: the simulator makes its own.</summary>
/// <param name="id">Unique within the node's life, over all listeners.</param>
public sealed class ConnectionContext(long id, string listenerName, ListenerKind kind, string clientHost)
{
    /// <summary>The principal of a connection that nobody authenticated.</summary>
    public const string Anonymous = "ANONYMOUS";

    public long Id => id;

    public string ListenerName => listenerName;

    public ListenerKind Kind => kind;

    /// <summary>The address of the other side, as text.</summary>
    public string ClientHost => clientHost;

    /// <summary>The port of the other side; 0 where there is none.</summary>
    public int ClientPort { get; init; }

    /// <summary>"User:name".</summary>
    public string Principal { get; init; } = "User:" + Anonymous;

    /// <summary>The name of <see cref="Principal"/>, which quotas are about.</summary>
    public string User => field ??= Principal[(Principal.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>Completes when the transactional batches of every Produce so far are queued, or refused.</summary>
    public Task ProducesQueued { get; set; } = Task.CompletedTask;

    /// <summary>client.id of the newest request; null for none.</summary>
    public string? ClientId { get; set; }

    /// <summary>As the client named itself in ApiVersions (KIP-511).</summary>
    public string ClientSoftwareName { get; set; } = "unknown";

    public string ClientSoftwareVersion { get; set; } = "unknown";
}
