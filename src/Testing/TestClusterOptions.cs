using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Testing;

/// <summary>How a test cluster is made.</summary>
public sealed record TestClusterOptions
{
    /// <summary>1 or more; internal topics have three replicas from three nodes on.</summary>
    public int Nodes { get; init; } = 1;

    public TestStorage Storage { get; init; } = TestStorage.Memory;

    /// <summary>The cluster's wall clock when it starts; null: now.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Kafka's keys of <c>server.properties</c>, over what the cluster sets for quick tests.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the nodes log, and the clients that the cluster makes.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
