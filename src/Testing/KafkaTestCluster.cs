using System.Collections.Concurrent;
using System.Text;
using KRaftSharp.Broker.Config;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Client.Producer;
using KRaftSharp.Client.Sharing;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Testing.Nodes;
using KRaftSharp.Testing.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Testing;

/// <summary>A Kafka cluster in this process, for tests: real brokers behind real sockets on ports of their
/// own.</summary>
/// <remarks>
/// <code>
/// await using KafkaTestCluster cluster = await KafkaTestCluster.StartAsync(nodes: 3);
/// await cluster.CreateTopicAsync("orders", partitions: 3);
/// await using KafkaProducer producer = cluster.CreateProducer();
/// await cluster.Nodes[0].KillAsync();
/// await cluster.Clock.AdvanceAsync(TimeSpan.FromSeconds(45));
/// </code>
/// Any client may use it: <see cref="BootstrapServers"/>.
/// </remarks>
public sealed class KafkaTestCluster : IAsyncDisposable
{
    private const int StartAttempts = 3;

    private readonly TestClusterOptions _options;
    private readonly NodeNetwork _network = new();
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly List<TestNode> _nodes = [];
    private readonly string? _folder;
    private KafkaProducer? _producer;

    private KafkaTestCluster(TestClusterOptions options)
    {
        _options = options;
        Clock = new TestClock(options.StartTime ?? DateTimeOffset.UtcNow);
        ClusterId = new Prng((ulong)Random.Shared.NextInt64()).NextUuid().ToString();
        _folder = options.Storage == TestStorage.Disk
            ? Directory.CreateTempSubdirectory("kraftsharp-test-").FullName
            : null;
        foreach (NodeConfig config in NodeSetup.Configs(options, DirectoryOf))
        {
            foreach (ListenerAddress listener in config.Listeners)
            {
                _network.Register(listener.Port, config.NodeId);
            }

            _nodes.Add(new TestNode(this, config, _folder is null ? new MemoryStorage() : new DiskStorage(), _network));
        }
    }

    /// <summary>host:port of all nodes.</summary>
    public string BootstrapServers => string.Join(',', _nodes.Select(node => node.Address));

    public string ClusterId { get; }

    /// <summary>By id, which begins with 1.</summary>
    public IReadOnlyList<TestNode> Nodes => _nodes;

    /// <summary>The cluster's time.</summary>
    public TestClock Clock { get; }

    /// <summary>What goes wrong with clients' requests.</summary>
    public TestFaults Faults { get; } = new();

    /// <summary>The node that leads the metadata quorum; null while there is none.</summary>
    public TestNode? Controller => _nodes.Find(
        node => node.Node is { } running && running.Quorum.Leader.LeaderId == node.Id);

    internal ILoggerFactory Loggers => _options.Loggers;

    /// <summary>Starts so many nodes in memory.</summary>
    public static Task<KafkaTestCluster> StartAsync(int nodes = 1) =>
        StartAsync(new TestClusterOptions { Nodes = nodes });

    /// <summary>Starts a cluster; ends when every node serves.</summary>
    public static async Task<KafkaTestCluster> StartAsync(TestClusterOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Nodes, 1);
        for (int attempt = 1; ; attempt++)
        {
            KafkaTestCluster cluster = new(options);
            try
            {
                await Task.WhenAll(cluster._nodes.Select(node => node.StartAsync()));
                return cluster;
            }
            catch (NodeConfigException) when (attempt < StartAttempts)
            {
                await cluster.CloseAsync(); // another process has taken a port in the meantime
            }
        }
    }

    /// <summary>A producer of this cluster and its clock.</summary>
    /// <param name="options">Its servers and logs are set.</param>
    public KafkaProducer CreateProducer(ProducerOptions? options = null)
    {
        ProducerOptions own = Own(options ?? new ProducerOptions());
        return KafkaProducer.Create(own, RuntimeOf(own));
    }

    /// <summary>A consumer of this cluster and its clock.</summary>
    public KafkaConsumer CreateConsumer(ConsumerOptions? options = null)
    {
        ConsumerOptions own = Own(options ?? new ConsumerOptions());
        return KafkaConsumer.Create(own, RuntimeOf(own));
    }

    /// <summary>A member of a share group of this cluster and its clock.</summary>
    public KafkaShareConsumer CreateShareConsumer(ShareConsumerOptions options)
    {
        ShareConsumerOptions own = Own(options);
        return KafkaShareConsumer.Create(own, RuntimeOf(own));
    }

    /// <summary>An admin client of this cluster and its clock.</summary>
    public KafkaAdmin CreateAdmin(ClientOptions? options = null)
    {
        ClientOptions own = Own(options ?? new AdminOptions());
        return KafkaAdmin.Create(own, RuntimeOf(own));
    }

    /// <summary>Creates a topic; ends when every running node knows it and its partitions have leaders.</summary>
    public async Task CreateTopicAsync(
        string name, int partitions = 1, IReadOnlyDictionary<string, string>? configs = null)
    {
        await using KafkaAdmin admin = CreateAdmin();
        NewTopic topic = new(name) { Partitions = partitions };
        await admin.Topics.CreateAsync(configs is null ? topic : topic with { Configs = configs });
        await WaitAsync(() => _nodes.TrueForAll(
            node => node.Node is not { } running || running.Image.Topics.TryGet(name, out _)));
    }

    /// <summary>Writes one record of texts, and waits for its acknowledgement.</summary>
    public async Task<RecordMetadata> ProduceAsync(string topic, string? key, string? value)
    {
        _producer ??= CreateProducer();
        return await _producer.SendAsync(new ProducerRecord { Topic = topic, Key = Bytes(key), Value = Bytes(value) });
    }

    /// <summary>All records that a topic holds now, in the order of their partitions and offsets.</summary>
    /// <param name="isolation">What of transactions is seen is the consumer's to say.</param>
    public async Task<IReadOnlyList<TestRecord>> ReadAllAsync(string topic, ConsumerOptions? isolation = null)
    {
        await using KafkaConsumer consumer = CreateConsumer(isolation);
        TopicView view = await consumer.TopicAsync(topic);
        TopicPartition[] partitions = [.. view.Partitions.Select(entry => new TopicPartition(topic, entry.Index))];
        IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp> ends = await consumer.EndOffsetsAsync(partitions);
        consumer.Assign(partitions);
        foreach (TopicPartition partition in partitions)
        {
            consumer.SeekToBeginning(partition);
        }

        List<TestRecord> records = [];
        while (partitions.Any(partition => (consumer.Position(partition) ?? -1) < ends[partition].Offset))
        {
            using FetchedRecords fetched = await consumer.PollAsync(TimeSpan.FromMilliseconds(100));
            foreach (PartitionRecords part in fetched.Partitions)
            {
                foreach (RecordView record in part)
                {
                    records.Add(new TestRecord(
                        part.Partition.Partition, record.Offset, Text(record.HasKey, record.Key),
                        Text(record.HasValue, record.Value)));
                }
            }
        }

        return [.. records.OrderBy(record => record.Partition).ThenBy(record => record.Offset)];
    }

    /// <summary>Two nodes do not hear each other until <see cref="Heal"/>; clients reach both.</summary>
    public void Partition(TestNode one, TestNode other) => _network.Cut(one.Id, other.Id);

    /// <summary>A node hears no other node until <see cref="Heal"/>; clients reach it.</summary>
    public void Isolate(TestNode node)
    {
        foreach (TestNode other in _nodes.Where(other => other != node))
        {
            _network.Cut(node.Id, other.Id);
        }
    }

    /// <summary>All nodes hear each other again.</summary>
    public void Heal() => _network.MendAll();

    /// <summary>Waits, by the system's clock, until something holds.</summary>
    /// <exception cref="TimeoutException">It did not within that time.</exception>
    public static async Task WaitAsync(Func<bool> condition, TimeSpan? atMost = null)
    {
        using CancellationTokenSource limit = new(atMost ?? TimeSpan.FromSeconds(30));
        while (!condition())
        {
            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException("what the test waits for did not come");
            }

            await Task.Delay(1);
        }
    }

    /// <summary>Kills the nodes and deletes their data.</summary>
    /// <exception cref="AggregateException">A node broke down that the test has not killed.</exception>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (!_failures.IsEmpty)
        {
            throw new AggregateException("a node of the test cluster broke down", _failures);
        }
    }

    internal void Failed(TestNode node, Exception error) =>
        _failures.Enqueue(new InvalidOperationException($"node {node.Id}: {error.Message}", error));

    private async Task CloseAsync()
    {
        if (_producer is not null)
        {
            await _producer.CloseAsync(TimeSpan.Zero);
        }

        await Task.WhenAll(_nodes.Select(node => node.KillAsync()));
        Clock.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private string DirectoryOf(int id) => _folder is null ? "/data" : Path.Combine(_folder, $"{id}");

    private T Own<T>(T options)
        where T : ClientOptions => options with
        {
            BootstrapServers = BootstrapServers,
            Loggers = ReferenceEquals(options.Loggers, NullLoggerFactory.Instance) ? Loggers : options.Loggers,
        };

    private ClientRuntime RuntimeOf(ClientOptions options) => SocketRuntime.Create(options) with { Time = Clock };

    private static ReadOnlyMemory<byte>? Bytes(string? text) =>
        text is null ? null : (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(text);

    private static string? Text(bool isThere, ReadOnlySpan<byte> bytes) =>
        isThere ? Encoding.UTF8.GetString(bytes) : null;
}
