using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;

namespace KRaftSharp.Client.Admin;

/// <summary>Asks and changes a cluster, one property a subject. Thread-safe.</summary>
/// <remarks>A call is repeated while the cluster says that it may succeed later, until <c>default.api.timeout.ms</c>;
/// it then fails with what was last heard. Calls about several things give an <see cref="Outcome"/> for each and throw
/// only when cancelled; calls about one thing throw <see cref="KafkaException"/>.</remarks>
public sealed class KafkaAdmin : IAsyncDisposable
{
    private readonly ClusterClient _cluster;

    private KafkaAdmin(ClientOptions options, ClientRuntime runtime)
    {
        _cluster = new ClusterClient(options, runtime);
        AdminCalls calls = new(_cluster);
        Topics = new TopicAdmin(calls);
        Configs = new ConfigAdmin(calls);
        Partitions = new PartitionAdmin(calls);
        Logs = new LogAdmin(calls);
        Groups = new GroupAdmin(calls);
        ShareGroups = new ShareGroupAdmin(calls);
        Cluster = new ClusterAdmin(calls);
        Quorum = new QuorumAdmin(calls);
        Transactions = new TransactionAdmin(calls);
        Acls = new AclAdmin(calls);
        Quotas = new QuotaAdmin(calls);
        Users = new UserAdmin(calls);
        Tokens = new TokenAdmin(calls);
    }

    /// <summary>Create, list, describe, grow and delete topics.</summary>
    public TopicAdmin Topics { get; }

    /// <summary>Configurations of topics, brokers, groups, loggers and client metrics.</summary>
    public ConfigAdmin Configs { get; }

    /// <summary>Reassignments and elections.</summary>
    public PartitionAdmin Partitions { get; }

    /// <summary>Offsets of partitions, deletion of records, log folders.</summary>
    public LogAdmin Logs { get; }

    /// <summary>Groups of every type, and the offsets of consumer groups.</summary>
    public GroupAdmin Groups { get; }

    /// <summary>Offsets of share groups.</summary>
    public ShareGroupAdmin ShareGroups { get; }

    /// <summary>Brokers, APIs and features.</summary>
    public ClusterAdmin Cluster { get; }

    /// <summary>The metadata quorum and its voters.</summary>
    public QuorumAdmin Quorum { get; }

    /// <summary>Transactions and the producers that partitions know.</summary>
    public TransactionAdmin Transactions { get; }

    public AclAdmin Acls { get; }

    /// <summary>Client quotas.</summary>
    public QuotaAdmin Quotas { get; }

    /// <summary>SCRAM credentials.</summary>
    public UserAdmin Users { get; }

    /// <summary>Delegation tokens.</summary>
    public TokenAdmin Tokens { get; }

    public static KafkaAdmin Create(ClientOptions options) => Create(options, SocketRuntime.Create(options));

    public static KafkaAdmin Create(ClientOptions options, ClientRuntime runtime)
    {
        options.Validate();
        return new KafkaAdmin(options, runtime);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
